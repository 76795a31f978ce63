import type { Pages } from "@symbolon/server";
import { assets } from "./assets.ts";
import { consent } from "./consent.ts";
import { home } from "./home.ts";
import { problem } from "./problem.ts";
import { reason } from "./reason.ts";
import { signIn } from "./sign-in.ts";

/**
 * The pages that a person sees: rendered on the server, whole without JavaScript, under the strictest policy there is.
 */
export const pages: Pages = { signIn, consent, problem, reason, home, assets };
