import type { Presented } from "../wire/credentials.ts";
import type { Application } from "./application.ts";
import type { Provider } from "./provider.ts";

export type Authentication =
  | { ok: true; application: Application }
  | { ok: false; because: "missing" | "unknown" | "wrong_secret" | "suspended" };

/**
 * Authenticates the client: the first of the presented credentials that is valid. Public clients have a client_id only;
 * Personal applications may leave the secret out.
 */
export function authenticate(provider: Provider, presented: readonly Presented[]): Authentication {
  let problem: "missing" | "unknown" | "wrong_secret" = "missing";
  for (const { id, secret } of presented) {
    const application = provider.applications.get(id);
    if (application === undefined) problem = problem === "missing" ? "unknown" : problem;
    else if (isRight(application, secret))
      return application.suspended ? { ok: false, because: "suspended" } : { ok: true, application };
    else problem = "wrong_secret";
  }
  return { ok: false, because: problem };
}

const isRight = ({ clientSecret, type }: Application, secret: string | undefined): boolean =>
  secret === undefined ? clientSecret === null || type === "personal" : clientSecret === secret;
