import { ok, refuse, Sealed, type Result } from "@symbolon/protocol";
import type { Deps } from "../deps.ts";
import { emitRefusal } from "../emit-refusal.ts";
import type { PresentedToken } from "../keyring/keyring.ts";
import type { FormRequest } from "../request.ts";
import { authenticateCaller, callerId, mayIntrospect, type Caller } from "./caller.ts";
import { countForged } from "./forged.ts";
import { confirmUse, inspectAccessToken } from "./inspect.ts";
import { describeToken, inactive, type IntrospectionResponse } from "./response.ts";

/** POST /oauth/introspect. `token_type_hint` is ignored. @see RFC 7662 §2 */
export async function introspect(
  request: FormRequest,
  deps: Pick<Deps, "clock" | "config" | "emit" | "keyring" | "limiter" | "store">,
): Promise<Result<IntrospectionResponse>> {
  const caller = await authenticateCaller(request, deps);
  if (!caller.ok) return emitRefusal(caller, { name: "introspect.refused" }, deps);
  const text = request.form.get("token");
  if (text === undefined) return refuse("parameter_missing", "token");
  const token: PresentedToken = new Sealed(text);
  const answer = await introspectOne(token, caller.value, deps);
  const retryAfterSeconds = answer.active ? 0 : countForged([token], caller.value, deps);
  if (retryAfterSeconds === 0) return ok(answer);
  const refusal = { ...refuse("client_too_fast"), retryAfterSeconds };
  return emitRefusal(refusal, { name: "introspect.refused", caller: callerId(caller.value) }, deps);
}

/**
 * The same answer for a token that is unknown, malformed, expired, revoked, of another kind, or not for this caller.
 * @see RFC 7662 §2.2
 */
export async function introspectOne(
  token: PresentedToken,
  caller: Caller,
  deps: Pick<Deps, "clock" | "config" | "emit" | "keyring" | "store">,
): Promise<IntrospectionResponse> {
  const active = await inspectAccessToken(token, deps);
  if (active === undefined || !mayIntrospect(caller, active)) return inactive;
  return (await confirmUse(active, deps)) ? describeToken(active, deps.config) : inactive;
}
