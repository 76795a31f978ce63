import { ok, refuse, Sealed, type Result } from "@symbolon/protocol";
import { authenticateApplication } from "../clients/authenticate.ts";
import { nowOf, type Deps } from "../deps.ts";
import { changeGrant } from "../grants/decision.ts";
import { fingerprintOf } from "../grants/new-grant.ts";
import { decideRevokeAccessToken } from "../grants/revoke-access-token.ts";
import { decideRevokeByClient } from "../grants/revoke.ts";
import type { PresentedToken } from "../keyring/keyring.ts";
import type { FormRequest } from "../request.ts";

/**
 * POST /oauth/revoke. A refresh token ends its grant, an access token ends alone. A token that is unknown, of another
 * client or inactive is a success too. `token_type_hint` is ignored. Answers once the write is durable.
 * @see RFC 7009 §2
 */
export async function revoke(
  request: FormRequest,
  deps: Pick<Deps, "clock" | "emit" | "keyring" | "limiter" | "store">,
): Promise<Result<null>> {
  const client = await authenticateApplication(request, deps);
  if (!client.ok) return client;
  const text = request.form.get("token");
  if (text === undefined) return refuse("parameter_missing", "token");
  const token: PresentedToken = new Sealed(text);
  const now = nowOf(deps.clock);

  const refresh = deps.keyring.read("refresh", token);
  if (refresh !== undefined) {
    await changeGrant(refresh.grantId, decideRevokeByClient(client.value.id, now), deps);
    return ok(null);
  }
  const access = deps.keyring.read("access", token);
  if (access !== undefined) {
    const revocation = { client: client.value, pointer: access, fingerprint: fingerprintOf(token) };
    await changeGrant(access.grantId, (grant) => decideRevokeAccessToken(grant, revocation, now), deps);
  }
  return ok(null);
}
