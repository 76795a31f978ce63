import { ok, refuse, type Result } from "@symbolon/protocol";
import type { Application } from "../applications/application.ts";
import { authenticateApplication } from "../clients/authenticate.ts";
import type { Deps } from "../deps.ts";
import type { FormRequest } from "../request.ts";
import { authorizationCodeGrant } from "./authorization-code.ts";
import { clientCredentialsGrant } from "./client-credentials.ts";
import { refreshTokenGrant } from "./refresh-token.ts";
import type { TokenResponse } from "./response.ts";

/** Each its own file, its own test, its own clause. */
const grants = {
  authorization_code: authorizationCodeGrant,
  refresh_token: refreshTokenGrant,
  client_credentials: clientCredentialsGrant,
} satisfies Record<string, GrantHandler>;

export const grantTypes = Object.keys(grants) as (keyof typeof grants)[];

type GrantHandler = (request: FormRequest, client: Application, deps: Deps) => Promise<Result<TokenResponse>>;

/** POST /oauth/token. @see RFC 6749 §3.2 */
export async function token(request: FormRequest, deps: Deps): Promise<Result<TokenResponse>> {
  const client = await authenticateApplication(request, deps);
  if (!client.ok) return client;
  const wait = deps.limiter.take("token_requests", allowanceOf(client.value, request));
  if (wait > 0) return refusedEarly({ ...refuse("client_too_fast"), retryAfterSeconds: wait }, client.value, deps);
  const grant = grantOf(request.form.get("grant_type"));
  if (!grant.ok) return refusedEarly(grant, client.value, deps);
  return await grant.value(request, client.value, deps);
}

/** Anybody can call under the name of a public client, so each network has an allowance of its own there. */
const allowanceOf = (client: Application, { network }: FormRequest): string =>
  client.type === "public" ? `${client.id}\0${network}` : client.id;

function grantOf(grantType: string | undefined): Result<GrantHandler> {
  if (grantType === undefined) return refuse("parameter_missing", "grant_type");
  return Object.hasOwn(grants, grantType)
    ? ok(grants[grantType as keyof typeof grants])
    : refuse("grant_type_unsupported", "grant_type");
}

function refusedEarly<T>(
  refusal: Result<T> & { ok: false },
  client: Application,
  deps: Deps,
): Result<T> & { ok: false } {
  deps.emit({ name: "token.refused", reason: refusal.reason, client: client.id });
  return refusal;
}
