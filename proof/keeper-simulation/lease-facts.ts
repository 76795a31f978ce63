/** What the oracle knows of the leases on one grant. */
export type LeaseFacts = {
  /** The latest: which life of which process took it, when, and whether a refresh was open by then. */
  lease: { by: string; fence: number; atMs: number; tookOver: boolean } | undefined;
  /** When the open intent was written first. */
  intentSinceMs: number;
  /** When the latest POST began whose outcome is unknown. */
  unknownSinceMs: number;
  /** When the present pair was refused first. */
  refusedSinceMs: number | undefined;
  /** The fencing token of a holder that has no time for another POST. */
  outOfTime: number | undefined;
  /** By access token: the fencing token of the POST that brought it. */
  boughtUnder: Map<string, number>;
  /** By life of a process: the latest consent that it has adopted. */
  adoptedBy: Map<string, number>;
};

export const noLease = (): LeaseFacts => ({
  lease: undefined,
  intentSinceMs: 0,
  unknownSinceMs: -1,
  refusedSinceMs: undefined,
  outOfTime: undefined,
  boughtUnder: new Map(),
  adoptedBy: new Map(),
});
