/** The verbs of OAuth as functions, for whoever counts bytes: one application, one Result each, no profiles but the generic one. */
export { refresh, tokenInfo, type Application, type Result } from "@symbolon/client";
