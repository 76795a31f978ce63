import type { Pages } from "@symbolon/server";
import { assets } from "./assets.ts";
import { consent } from "./consent.ts";
import { home } from "./home.ts";
import { problem } from "./problem.ts";
import { redirect } from "./redirect.ts";
import { reason } from "./reason.ts";
import { signIn } from "./sign-in.ts";

/** The pages, rendered on the server. They need no JavaScript and work under a strict content security policy. */
export const pages: Pages = { signIn, consent, redirect, problem, reason, home, assets };
