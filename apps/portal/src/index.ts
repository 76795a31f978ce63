import type { Pages, PageView } from "@symbolon/server";
import type { Branding } from "./branding/branding.ts";
import { makeLook } from "./branding/look.ts";
import { consent } from "./consent.ts";
import { frameOf, type Frame } from "./frame.ts";
import { home } from "./home.ts";
import { builtIn, standardLanguages, type Languages } from "./languages/languages.ts";
import { problem } from "./problem.ts";
import { redirect } from "./redirect.ts";
import { reason } from "./reason.ts";
import { showPasswordSource } from "./show-password.ts";
import { signIn } from "./sign-in.ts";
import { signInWays } from "./sign-in-ways.ts";
import { signOut } from "./sign-out.ts";

export type PageOptions = { branding?: Branding | undefined; languages?: Languages };

/** The pages, rendered on the server. They work without JavaScript and under a strict content security policy. */
export function makePages({ branding, languages = standardLanguages }: PageOptions = {}): Pages {
  const look = makeLook(branding);
  const framed =
    <View extends PageView>(render: (view: View, frame: Frame) => string) =>
    (view: View): string =>
      render(view, frameOf(view, languages, look));
  return {
    signIn: framed(signIn),
    signInWays: framed(signInWays),
    consent: framed(consent),
    redirect: framed(redirect),
    signOut: framed(signOut),
    problem: framed(problem),
    reason: framed(reason),
    home: framed(home),
    languages: [...languages.keys()],
    assets: look.assets,
    signInScripts: [showPasswordSource],
  };
}

/** The tags of the languages that come with the pages. */
export const builtInLanguages: readonly string[] = Object.keys(builtIn);

/** The pages in the languages that come with them, without branding. */
export const pages: Pages = makePages();

export { checkMessages, messageNames } from "./languages/check-messages.ts";
export { makeLanguages } from "./languages/languages.ts";
export type { Branding } from "./branding/branding.ts";
export { describeContrast, isColor } from "./branding/contrast.ts";
export { readImage, type Image } from "./branding/image.ts";
