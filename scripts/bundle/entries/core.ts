/**
 * The verbs of OAuth as functions, for bundles that must be small: exchange, refresh, introspect, revoke, each with a
 * Result.
 */
export { exchangeCode, introspect, refresh, revoke } from "@symbolon/client";
