import { ok, refuse, Sealed, type Result } from "@symbolon/protocol";
import type { Deps } from "../deps.ts";
import { emitRefusal } from "../emit-refusal.ts";
import type { PresentedToken } from "../keyring/keyring.ts";
import type { FormRequest } from "../request.ts";
import { authenticateCaller, callerId } from "./caller.ts";
import { countForged } from "./forged.ts";
import { introspectOne } from "./introspect.ts";
import type { IntrospectionResponse } from "./response.ts";

export const maximumBatch = 1000;

/**
 * POST /oauth/introspect/batch: up to 1,000 tokens, separated by spaces in the one parameter `tokens`; the answers are
 * in the same order. Not of any RFC: for gateways and cold starts (guards.md §3). Too many forged tokens are reported
 * as an event, but the batch is answered, because the same answer holds good tokens.
 */
export async function introspectBatch(
  request: FormRequest,
  deps: Pick<Deps, "clock" | "config" | "emit" | "keyring" | "limiter" | "store">,
): Promise<Result<{ results: IntrospectionResponse[] }>> {
  const caller = await authenticateCaller(request, deps);
  if (!caller.ok) return emitRefusal(caller, { name: "introspect.refused" }, deps);
  const tokens = request.form
    .get("tokens")
    ?.split(" ")
    .map((text): PresentedToken => new Sealed(text));
  if (tokens === undefined) return refuse("parameter_missing", "tokens");
  if (tokens.length > maximumBatch) return refuse("parameter_invalid", "tokens");
  const results = await Promise.all(tokens.map((token) => introspectOne(token, caller.value, deps)));
  const inactiveTokens = tokens.filter((_, index) => !results[index]!.active);
  if (countForged(inactiveTokens, caller.value, deps) > 0)
    emitRefusal(refuse("client_too_fast"), { name: "introspect.refused", caller: callerId(caller.value) }, deps);
  return ok({ results });
}
