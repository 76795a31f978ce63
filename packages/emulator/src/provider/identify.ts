import type { Presented } from "../wire/credentials.ts";
import type { Application } from "./application.ts";
import type { Provider } from "./provider.ts";

export type Identified = { ok: true; application: Application } | { ok: false; because: "missing" | "unknown" | "wrong_secret" | "suspended" };

/** The application that presented itself: the first reading whose secret is right. A public one has only its name. */
export function identify(provider: Provider, presented: readonly Presented[]): Identified {
  let problem: "missing" | "unknown" | "wrong_secret" = "missing";
  for (const { id, secret } of presented) {
    const application = provider.applications.get(id);
    if (application === undefined) problem = problem === "missing" ? "unknown" : problem;
    else if (application.clientSecret === null ? secret === undefined : application.clientSecret === secret)
      return application.suspended ? { ok: false, because: "suspended" } : { ok: true, application };
    else problem = "wrong_secret";
  }
  return { ok: false, because: problem };
}
