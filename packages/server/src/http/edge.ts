import type { Deps } from "../deps.ts";
import type { Pages } from "../views.ts";
import type { Health } from "./health.ts";

/** What the handlers of http/ share, made once for each server. */
export type Edge = {
  deps: Deps;
  pages: Pages;
  health: Health;
  /** Whether the server is about to stop: a load balancer should send new requests elsewhere. */
  isDraining: () => boolean;
  paths: Paths;
  /** The metadata document. @see RFC 8414 §2 */
  metadata: object;
};

/** The paths that answers lead to. `errors` and `assets` end in a slash. */
export type Paths = Record<
  "signIn" | "signInReturn" | "signOut" | "consent" | "metadata" | "errors" | "assets",
  string
>;
