import type { Profile } from "../../profile.ts";
import { gustoDialect } from "./dialect.ts";
import type { GustoSettings } from "./settings.ts";

/**
 * The Gusto profile. `settings` change its configurable and assumed behaviour; spread the result to replace other
 * parts: `{ ...gusto(), rotation }`.
 */
export const gusto = (settings: Partial<GustoSettings> = {}): Profile => ({
  name: "gusto",
  says: "Gusto: versions by date, tokens of one company, the old pair dies when the new one is used",
  dialect: gustoDialect(settings),
  rotation: { kind: "lazy", again: "another_pair", closedBy: "access_use", reuse: "refuse" },
  accessLifetimeSeconds: 7200,
  codeLifetimeSeconds: 600,
  refreshLifetimeSeconds: null,
  codeReplayEndsGrant: false,
});
