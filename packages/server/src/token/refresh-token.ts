import { createHash } from "node:crypto";
import { ok, refuse, type Result, type TokenPointer } from "@symbolon/protocol";
import type { Application } from "../applications/application.ts";
import { nowOf, type Deps } from "../deps.ts";
import { decideRefresh } from "../grants/refresh.ts";
import type { FormRequest } from "../request.ts";
import { isOwnerLive } from "../accounts/owner.ts";
import { issueTokens, readNarrowing, type TokenResponse } from "./response.ts";

/**
 * grant_type=refresh_token. The successor of a spent token can be had again until it is known to have arrived, so a
 * lost answer, a crash or a second process signs nobody out; a spent token after that ends the grant.
 * @see RFC 6749 §6, RFC 9700 §4.14.2
 */
export async function refreshTokenGrant(
  request: FormRequest,
  client: Application,
  deps: Deps,
): Promise<Result<TokenResponse>> {
  const { form } = request;
  const now = nowOf(deps.clock);
  const refreshToken = form.get("refresh_token");
  if (refreshToken === undefined) return refused(refuse("parameter_missing", "refresh_token"), client, deps);
  const narrowing = await readNarrowing(form, client, deps);
  if (!narrowing.ok) return refused(narrowing, client, deps);
  const intent = readIntent(form.get("refresh_intent"));
  if (!intent.ok) return refused(intent, client, deps);
  const presented = deps.keyring.read("refresh", refreshToken);
  if (presented === undefined) return refused(refuse("token_not_ours"), client, deps);

  const before = await deps.store.grants.find(presented.grantId);
  if (before !== undefined && !(await isOwnerLive(before, deps.store)))
    return refused(refuse("owner_suspended"), client, deps, presented);
  const ask = { client, presented, narrowing: narrowing.value, intent: intent.value };
  const { turn, events } = await deps.store.grants.change(presented.grantId, (grant) =>
    decideRefresh(grant, ask, now, deps.config.lifetimes.grantIdle),
  );
  events.forEach(deps.emit);
  return turn.ok ? ok(issueTokens(turn.value, deps)) : refused(turn, client, deps, presented);
}

/** A random key of at least 128 bits that the client repeats on every retry of one attempt (refresh-tokens.md A6). */
function readIntent(text: string | undefined): Result<Uint8Array | undefined> {
  if (text === undefined) return ok(undefined);
  if (!/^[A-Za-z0-9._~-]{22,128}$/.test(text)) return refuse("parameter_invalid", "refresh_intent");
  return ok(createHash("sha256").update(text).digest().subarray(0, 16));
}

function refused<T>(
  refusal: Result<T> & { ok: false },
  client: Application,
  deps: Deps,
  presented?: TokenPointer,
): Result<T> & { ok: false } {
  deps.emit({
    name: "refresh.refused",
    reason: refusal.reason,
    client: client.id,
    ...(presented === undefined ? {} : { grant: presented.grantId }),
  });
  return refusal;
}
