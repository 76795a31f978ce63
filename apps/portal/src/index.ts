import type { Pages } from "@symbolon/server";
import { assets } from "./assets.ts";
import { consent } from "./consent.ts";
import { home } from "./home.ts";
import { problem } from "./problem.ts";
import { redirect } from "./redirect.ts";
import { reason } from "./reason.ts";
import { showPasswordSource } from "./show-password.ts";
import { signIn } from "./sign-in.ts";
import { signOut } from "./sign-out.ts";

/** The pages, rendered on the server. They work without JavaScript and under a strict content security policy. */
export const pages: Pages = {
  signIn,
  consent,
  redirect,
  signOut,
  problem,
  reason,
  home,
  assets,
  signInScripts: [showPasswordSource],
};
