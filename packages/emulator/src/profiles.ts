import { genericDialect } from "./dialects/generic/dialect.ts";
import { fitbit } from "./dialects/fitbit/dialect.ts";
import { googleHealth } from "./dialects/google-health/dialect.ts";
import { gusto } from "./dialects/gusto/profile.ts";
import type { Profile } from "./provider/provider.ts";

const generic = (
  name: string,
  description: string,
  rotation: Profile["rotation"],
  differs: Partial<Profile> = {},
): Profile => ({
  name,
  description,
  dialect: genericDialect,
  rotation,
  accessLifetimeSeconds: 3600,
  codeLifetimeSeconds: 600,
  refreshLifetimeSeconds: null,
  codeReplayEndsGrant: true,
  ...differs,
});

/** The profiles: one for each rotation class (refresh-tokens.md B1) on the generic dialect, and the vendors. */
export const profiles = {
  gusto: gusto(),
  fitbit: fitbit(),
  "google-health": googleHealth(),
  lazy: generic("lazy", "the old refresh token stays good until the new tokens are first used", {
    kind: "lazy",
    again: "same_pair",
    closedBy: "any_use",
    reuse: "end_grant",
  }),
  replay: generic("replay", "answers repeated for two minutes", {
    kind: "replay",
    windowSeconds: 120,
    reuse: "end_grant",
  }),
  strict: generic("strict", "a refresh token works once; reuse ends the grant", {
    kind: "strict",
    reuse: "end_grant",
  }),
  grace: generic("grace", "a spent refresh token gets another pair for 30 seconds", {
    kind: "grace",
    windowSeconds: 30,
    reuse: "end_grant",
  }),
  timed: generic(
    "timed",
    "the refresh token changes once a day",
    { kind: "timed", everySeconds: 86_400, overlapSeconds: 3600, reuse: "refuse" },
    { refreshLifetimeSeconds: 100 * 86_400 },
  ),
  none: generic("none", "the refresh token never changes", { kind: "none", reuse: "refuse" }),
} as const satisfies Record<string, Profile>;

export type ProfileName = keyof typeof profiles;
