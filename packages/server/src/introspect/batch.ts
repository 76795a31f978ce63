import { ok, refuse, type Result } from "@symbolon/protocol";
import type { Deps } from "../deps.ts";
import type { FormRequest } from "../request.ts";
import { authenticateCaller } from "./caller.ts";
import { waitAfterForged } from "./forged.ts";
import { introspectOne, refusedCaller } from "./introspect.ts";
import type { IntrospectionResponse } from "./response.ts";

export const maximumBatch = 1000;

/**
 * POST /oauth/introspect/batch: up to 1,000 tokens, separated by spaces in the one parameter `tokens`; the answers come
 * in the same order. Ours, not an RFC's: for gateways and cold starts (guards.md §3). A scan raises the alarm and is
 * answered all the same, because good tokens are in the same answer.
 */
export async function introspectBatch(
  request: FormRequest,
  deps: Deps,
): Promise<Result<{ results: IntrospectionResponse[] }>> {
  const caller = await authenticateCaller(request, deps);
  if (!caller.ok) return refusedCaller(caller, deps);
  const tokens = request.form.get("tokens")?.split(" ");
  if (tokens === undefined) return refuse("parameter_missing", "tokens");
  if (tokens.length > maximumBatch) return refuse("parameter_invalid", "tokens");
  const results = await Promise.all(tokens.map((token) => introspectOne(token, caller.value, deps)));
  const dead = tokens.filter((_, at) => !results[at]!.active);
  if (waitAfterForged(dead, caller.value, deps) > 0) refusedCaller(refuse("client_too_fast"), deps, caller.value);
  return ok({ results });
}
