/** Measurements of the process, made by the program that runs the server. */
export type Health = {
  /**
   * Whether to answer new requests with 503, which is cheap and safe to repeat. True after the process was stalled:
   * requests that waited may have been given up by their clients (faults.md R-20). Called on each request.
   */
  isOverloaded(): boolean;
  /** Names of problems that an operator should look at although requests are served; /ready lists them. */
  warnings(): readonly string[];
};

export const unmeasuredHealth: Health = { isOverloaded: () => false, warnings: () => [] };
