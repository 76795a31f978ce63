/** Hashes and checks passwords, a bounded number at once. */
export interface PasswordHasher {
  hash(password: string): Promise<string>;
  /**
   * Whether the password fits. `hash` undefined (no such account) costs the same time and answers false (WB-12).
   * "busy": the queue is full; nothing was computed.
   */
  verify(hash: string | undefined, password: string): Promise<boolean | "busy">;
}
