/** The clock, randomness and network that the checks use. */
export type World = {
  fetch: (url: string | URL, init?: RequestInit) => Promise<Response>;
  /** Cryptographically secure random bytes. */
  random(length: number): Uint8Array;
  epochMs(): number;
  /** Called before each check, for progress output. */
  progress(check: { id: string; at: number; of: number }): void;
};

/** Opens the authorization URL for consent and returns the redirect URL that the user ended at. */
export type Authorize = (url: URL) => Promise<URL>;
