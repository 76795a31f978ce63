import type { EpochSeconds } from "@symbolon/protocol";
import type { PasswordHasher } from "./accounts/password.ts";
import type { ServerConfig } from "./config.ts";
import type { Emit } from "./events.ts";
import type { Keyring } from "./keyring/keyring.ts";
import type { Limiter } from "./limits/limiter.ts";
import type { Store } from "./store/contract.ts";

/** Everything that the operations need from outside. */
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
  /** Wall-clock time in milliseconds since 1970, for expiry. */
  epochMs(): number;
  /** Monotonic time in milliseconds, for intervals. */
  monotonicMs(): number;
};

export const nowOf = (clock: Clock): EpochSeconds => Math.floor(clock.epochMs() / 1000);

/** Returns cryptographically secure random bytes. */
export type Random = (length: number) => Uint8Array;
