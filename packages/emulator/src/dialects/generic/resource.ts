import { useAccess } from "../../provider/access.ts";
import type { Provider } from "../../provider/provider.ts";
import { readBearer } from "../../wire/credentials.ts";
import { json, type EmulatorResponse, type EmulatorRequest } from "../../wire/message.ts";
import { bearerChallenge } from "../rfc.ts";

/**
 * Any path below /resource: a protected resource that returns the token's client and subject, or 401. @see RFC 6750 §3
 */
export function resource(request: EmulatorRequest, provider: Provider): EmulatorResponse {
  const token = readBearer(request);
  if (token === undefined) return json(401, { error: "invalid_token" }, bearerChallenge("emulator"));
  const access = useAccess(provider, token);
  if (!access.ok)
    return json(
      401,
      { error: "invalid_token" },
      bearerChallenge("emulator", { error: "invalid_token", description: `the access token is ${access.because}` }),
    );
  const { grant } = access.held;
  return json(200, {
    path: request.path,
    sub: grant.person?.id ?? grant.clientId,
    client_id: grant.clientId,
    scope: grant.scope.join(" "),
  });
}
