import { ok, refuse, type Result } from "@symbolon/protocol";
import type { Deps } from "../deps.ts";
import type { FormRequest } from "../request.ts";
import { authenticateCaller, mayAsk, type Caller } from "./caller.ts";
import { idOf, waitAfterForged } from "./forged.ts";
import { inspectAccessToken, noteUse } from "./inspect.ts";
import { describeToken, inactive, type IntrospectionResponse } from "./response.ts";

/** POST /oauth/introspect. `token_type_hint` is only a hint, and is ignored. @see RFC 7662 §2 */
export async function introspect(request: FormRequest, deps: Deps): Promise<Result<IntrospectionResponse>> {
  const caller = await authenticateCaller(request, deps);
  if (!caller.ok) return refusedCaller(caller, deps);
  const token = request.form.get("token");
  if (token === undefined) return refuse("parameter_missing", "token");
  const answer = await introspectOne(token, caller.value, deps);
  const wait = answer.active ? 0 : waitAfterForged([token], caller.value, deps);
  return wait > 0
    ? refusedCaller({ ...refuse("client_too_fast"), retryAfterSeconds: wait }, deps, caller.value)
    : ok(answer);
}

/** Unknown, malformed, expired, revoked, of another kind, not for this caller: the same answer. @see RFC 7662 §2.2 */
export async function introspectOne(token: string, caller: Caller, deps: Deps): Promise<IntrospectionResponse> {
  const live = await inspectAccessToken(token, deps);
  if (live === undefined || !mayAsk(caller, live)) return inactive;
  return (await noteUse(live, deps)) ? describeToken(live, deps) : inactive;
}

export function refusedCaller<T>(
  refusal: Result<T> & { ok: false },
  deps: Deps,
  caller?: Caller,
): Result<T> & { ok: false } {
  deps.emit({
    name: "introspect.refused",
    reason: refusal.reason,
    ...(caller === undefined ? {} : { caller: idOf(caller) }),
  });
  return refusal;
}
