/**
 * The verbs of OAuth as functions, for whoever counts bytes: exchange, refresh, introspect, revoke, each with a Result.
 */
export { exchangeCode, introspect, refresh, revoke } from "@symbolon/client";
