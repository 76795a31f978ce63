import type { Reason } from "@symbolon/protocol";
import type { Deps } from "../../deps.ts";
import type { Answer } from "../answers.ts";
import { reportFault } from "../faults.ts";
import { unroutedAnswer } from "../malformed-requests.ts";
import { corsPathsOf } from "../register.ts";
import { newRequestId } from "../request-log.ts";

/** What the ways into an embedded server need. */
export type EmbeddedDeps = Pick<Deps, "config" | "emit" | "random">;

/**
 * 500 for a request whose body the host application has read. What it made of the body cannot take its place: it does
 * not tell which parameters were repeated.
 */
export function refuseReadBody(path: string, deps: EmbeddedDeps): Answer {
  const id = newRequestId(deps.random);
  const error = new Error(
    "The host application has read the body of the request. Mount this server before its body parsers.",
  );
  return answer(reportFault(error, path, { emit: (event) => deps.emit(event, id) }), path, id, deps);
}

/** The refusal of a request that cannot be passed to the router as it was sent. */
export function refuseUnroutable(reason: Reason, path: string, deps: EmbeddedDeps): Answer {
  const id = newRequestId(deps.random);
  deps.emit({ name: "request.refused", reason, endpoint: "none" }, id);
  return answer(reason, path, id, deps);
}

const answer = (reason: Reason, path: string, requestId: string, { config }: EmbeddedDeps): Answer =>
  unroutedAnswer(reason, requestId, { forAnyOrigin: corsPathsOf(config).has(path), config });
