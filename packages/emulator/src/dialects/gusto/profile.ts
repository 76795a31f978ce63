import type { Profile } from "../../provider/provider.ts";
import { gustoDialect } from "./dialect.ts";
import type { GustoSettings } from "./settings.ts";

/**
 * The Gusto profile. `settings` change its configurable and assumed behaviour; spread the result to replace other
 * parts: `{ ...gusto(), rotation }`.
 */
export const gusto = (settings: Partial<GustoSettings> = {}): Profile => ({
  name: "gusto",
  description: "Gusto: versions by date, one company per token, the first use of a new pair ends the old one",
  dialect: gustoDialect(settings),
  rotation: { kind: "lazy", again: "another_pair", closedBy: "access_use", reuse: "refuse" },
  accessLifetimeSeconds: 7200,
  codeLifetimeSeconds: 600,
  refreshLifetimeSeconds: null,
  codeReplayEndsGrant: false,
});
