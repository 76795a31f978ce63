import type { Pages, PageView } from "@symbolon/server";
import { assets } from "./assets.ts";
import { consent } from "./consent.ts";
import { frameOf, type Frame } from "./frame.ts";
import { home } from "./home.ts";
import { standardLanguages, type Languages } from "./languages/languages.ts";
import { problem } from "./problem.ts";
import { redirect } from "./redirect.ts";
import { reason } from "./reason.ts";
import { showPasswordSource } from "./show-password.ts";
import { signIn } from "./sign-in.ts";
import { signInWays } from "./sign-in-ways.ts";
import { signOut } from "./sign-out.ts";

/** The pages, rendered on the server. They work without JavaScript and under a strict content security policy. */
export function makePages({ languages = standardLanguages }: { languages?: Languages } = {}): Pages {
  const framed =
    <View extends PageView>(render: (view: View, frame: Frame) => string) =>
    (view: View): string =>
      render(view, frameOf(view, languages));
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
    assets,
    signInScripts: [showPasswordSource],
  };
}

/** The pages in the languages that come with them. */
export const pages: Pages = makePages();
