/** The arguments or the configuration are wrong: exit code 2. `remedy` tells the operator what to do. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  readonly remedy: string | undefined;
  constructor(message: string, remedy?: string) {
    super(message);
    this.remedy = remedy;
  }
}

/** The arguments are right and the command failed: exit code 1. `remedy` tells the operator what to do. */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly remedy: string | undefined;
  constructor(message: string, remedy?: string, options?: ErrorOptions) {
    super(message, options);
    this.remedy = remedy;
  }
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
