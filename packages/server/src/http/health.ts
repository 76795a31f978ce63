/**
 * What the process knows of itself. Whoever runs it measures; here it decides who is turned away and what /ready says.
 */
export type Health = {
  /**
   * Whether new requests are turned away with 503, which costs next to nothing and is safe to repeat: the process stood
   * still, and what waits may be older than its clients' patience (faults.md R-20). Asked on each request.
   */
  isOverloaded(): boolean;
  /** What an operator should look at, though requests are served; names without details. */
  warnings(): readonly string[];
};

export const unmeasuredHealth: Health = { isOverloaded: () => false, warnings: () => [] };
