import { StoreUnavailable } from "@symbolon/server";

/**
 * A write that cannot be done is an error of the caller. Only an outage rejects with StoreUnavailable, since callers
 * retry then.
 */
export const isRefusal = (error: unknown): boolean => error instanceof Error && !(error instanceof StoreUnavailable);
