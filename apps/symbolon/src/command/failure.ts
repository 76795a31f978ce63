/** The command was not understood: exit code 2. `remedy` says what to do. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  readonly remedy: string | undefined;
  constructor(message: string, remedy?: string) {
    super(message);
    this.remedy = remedy;
  }
}

/** The command was understood and could not be done: exit code 1. `remedy` says what to do. */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly remedy: string | undefined;
  constructor(message: string, remedy?: string, options?: ErrorOptions) {
    super(message, options);
    this.remedy = remedy;
  }
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
