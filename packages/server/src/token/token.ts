import { ok, refuse, Sealed, type Result } from "@symbolon/protocol";
import type { Application } from "../applications/application.ts";
import { authenticateApplication } from "../clients/authenticate.ts";
import type { Deps } from "../deps.ts";
import { emitRefusal } from "../emit-refusal.ts";
import type { FormRequest } from "../request.ts";
import { authorizationCodeGrant } from "./authorization-code.ts";
import { clientCredentialsGrant } from "./client-credentials.ts";
import { refreshTokenGrant } from "./refresh-token.ts";
import type { TokenResponse } from "./response.ts";

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
  const event = { name: "token.refused", client: client.value.id } as const;
  const retryAfterSeconds = deps.limiter.take("token_requests", limiterKey(client.value, request, deps));
  if (retryAfterSeconds > 0) return emitRefusal({ ...refuse("client_too_fast"), retryAfterSeconds }, event, deps);
  const grant = grantHandlerOf(request.form.get("grant_type"));
  return grant.ok ? await grant.value(request, client.value, deps) : emitRefusal(grant, event, deps);
}

/**
 * Anyone can send the id of a public client: its requests are counted for the grant of the code or token in them, and
 * those without a genuine one for the network (OP-13).
 */
function limiterKey(client: Application, { form, network }: FormRequest, { keyring }: Pick<Deps, "keyring">): string {
  if (client.type === "confidential") return client.id;
  const { grantId = network } =
    keyring.read("refresh", new Sealed(form.get("refresh_token") ?? "")) ??
    keyring.read("code", new Sealed(form.get("code") ?? "")) ??
    {};
  return `${client.id}\0${grantId}`;
}

function grantHandlerOf(grantType: string | undefined): Result<GrantHandler> {
  if (grantType === undefined) return refuse("parameter_missing", "grant_type");
  const known = grantTypes.find((name) => name === grantType);
  return known === undefined ? refuse("grant_type_unsupported", "grant_type") : ok(grants[known]);
}
