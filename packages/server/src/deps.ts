import type { EpochSeconds } from "@symbolon/protocol";
import type { PasswordHasher } from "./accounts/password.ts";
import type { ServerConfig } from "./config.ts";
import type { Emit } from "./events.ts";
import type { Keyring } from "./keyring/keyring.ts";
import type { Limiter } from "./limits/limiter.ts";
import type { Store } from "./store/contract.ts";

/** The world, passed in. */
export type Deps = {
  config: ServerConfig;
  store: Store;
  keyring: Keyring;
  clock: Clock;
  random: Random;
  passwords: PasswordHasher;
  limiter: Limiter;
  emit: Emit;
};

export type Clock = {
  /** Wall time in milliseconds since 1970: for expiry. */
  epochMs(): number;
  /** Milliseconds that never go back: for intervals. */
  monotonicMs(): number;
};

export const nowOf = (clock: Clock): EpochSeconds => Math.floor(clock.epochMs() / 1000);

/** Random bytes fit for secrets. */
export type Random = (length: number) => Uint8Array;
