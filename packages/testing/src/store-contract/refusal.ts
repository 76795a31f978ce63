import { StoreUnavailable } from "@symbolon/server";

/**
 * A write that cannot be done is an error of the caller; only an outage may call itself one, since callers then try
 * again.
 */
export const isRefusal = (error: unknown): boolean => error instanceof Error && !(error instanceof StoreUnavailable);
