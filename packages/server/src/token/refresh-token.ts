import { createHash } from "node:crypto";
import { ok, refuse, Sealed, type Form, type RefreshToken, type Result } from "@symbolon/protocol";
import { isOwnerLive } from "../accounts/owner.ts";
import type { Application } from "../applications/application.ts";
import type { ServerConfig } from "../config.ts";
import { nowOf, type Deps } from "../deps.ts";
import { emitRefusal } from "../emit-refusal.ts";
import { changeGrant } from "../grants/decision.ts";
import { decideRefresh } from "../grants/refresh.ts";
import { parseNarrowing, resolveNarrowing, type RequestedNarrowing } from "../narrowing.ts";
import type { FormRequest } from "../request.ts";
import { tokenPairResponse, type TokenResponse } from "./response.ts";

/**
 * grant_type=refresh_token. The successor of a spent token can be requested again until it is used, so a lost answer, a
 * crash or a second process of the client ends no grant; reuse after that revokes the grant.
 * @see RFC 6749 §6, RFC 9700 §4.14.2
 */
export async function refreshTokenGrant(
  { form }: FormRequest,
  client: Application,
  deps: Pick<Deps, "clock" | "config" | "emit" | "keyring" | "store">,
): Promise<Result<TokenResponse>> {
  const now = nowOf(deps.clock);
  const event = { name: "refresh.refused", client: client.id } as const;
  const request = parseRefreshRequest(form, client, deps.config);
  if (!request.ok) return emitRefusal(request, event, deps);
  const presented = deps.keyring.read("refresh", request.value.refreshToken);
  if (presented === undefined) return emitRefusal(refuse("token_not_ours"), event, deps);

  const grantEvent = { ...event, grant: presented.grantId };
  const narrowing = await resolveNarrowing(request.value.narrowing, deps);
  if (!narrowing.ok) return emitRefusal(narrowing, grantEvent, deps);
  const grant = await deps.store.grants.find(presented.grantId);
  if (grant !== undefined && !(await isOwnerLive(grant, deps.store)))
    return emitRefusal(refuse("owner_suspended"), grantEvent, deps);

  const refresh = { client, presented, narrowing: narrowing.value, intent: request.value.intent };
  const issued = await changeGrant(
    presented.grantId,
    (current) => decideRefresh(current, refresh, now, deps.config.lifetimes.grantIdle),
    deps,
  );
  return issued.ok ? ok(tokenPairResponse(issued.value, deps.keyring)) : emitRefusal(issued, grantEvent, deps);
}

type ParsedRefresh = { refreshToken: RefreshToken; narrowing: RequestedNarrowing; intent: Uint8Array | undefined };

function parseRefreshRequest(form: Form, client: Application, config: ServerConfig): Result<ParsedRefresh> {
  const refreshToken = form.get("refresh_token");
  if (refreshToken === undefined) return refuse("parameter_missing", "refresh_token");
  const narrowing = parseNarrowing(form, client, config);
  if (!narrowing.ok) return narrowing;
  const intent = parseIntent(form.get("refresh_intent"));
  if (!intent.ok) return intent;
  return ok({ refreshToken: new Sealed(refreshToken), narrowing: narrowing.value, intent: intent.value });
}

/**
 * The digest of `refresh_intent`, a random key of at least 128 bits that the client repeats on every retry of one
 * refresh (refresh-tokens.md A6).
 */
function parseIntent(text: string | undefined): Result<Uint8Array | undefined> {
  if (text === undefined) return ok(undefined);
  if (!/^[A-Za-z0-9._~-]{22,128}$/.test(text)) return refuse("parameter_invalid", "refresh_intent");
  return ok(createHash("sha256").update(text).digest().subarray(0, 16));
}
