/** The world, passed in. */
export type World = {
  fetch: (url: string | URL, init?: RequestInit) => Promise<Response>;
  /** Random bytes fit for secrets. */
  random(length: number): Uint8Array;
  epochMs(): number;
  /** Tells whoever waits which check runs. */
  progress(check: { id: string; at: number; of: number }): void;
};

/** Takes the authorization URL to wherever a person allows it, and answers the address that they were sent back to. */
export type Authorize = (url: URL) => Promise<URL>;
