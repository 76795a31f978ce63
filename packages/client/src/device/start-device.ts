import { Sealed } from "@symbolon/protocol";
import type { Application, Call } from "../application.ts";
import { callEndpoint, type CallCredentials, type Reply } from "../call-endpoint.ts";
import { describeUnsafeUrl, missingEndpoint } from "../endpoint-url.ts";
import { invalidResponse } from "../errors/failures.ts";
import { ok, type Result } from "../result.ts";
import { scopeString, type ScopeRequest } from "../scope.ts";
import { parseSeconds, stringMember } from "../token/tokens.ts";
import { withoutUndefined } from "../without-undefined.ts";

/** Arguments of `startDevice`. */
export type StartDeviceRequest<Scope extends string = string> = Call &
  CallCredentials & {
    /** What to ask the user for. Without it the provider decides. */
    scope?: ScopeRequest<Scope> | undefined;
  };

/** What to show to the user, and what `awaitDevice` needs. */
export type DeviceAuthorization = {
  /** Identifies this sign-in at the token endpoint. `awaitDevice` sends it. */
  deviceCode: Sealed;
  /** The code that the user enters. */
  userCode: string;
  /** Where the user enters it. */
  verificationUri: string;
  /** The same address with the code in it, for a QR code. */
  verificationUriComplete?: string;
  /** Lifetime of both codes, in seconds. */
  expiresIn: number;
  /** Seconds to wait between two polls. */
  interval: number;
};

/**
 * Begins a sign-in for a device without a browser. Show the result to the user, then call `awaitDevice`. @see RFC 8628
 * §3.1, §3.2
 */
export async function startDevice<Scope extends string>(
  app: Application<Scope>,
  request: StartDeviceRequest<Scope> = {},
): Promise<Result<DeviceAuthorization>> {
  request = { ...request };
  const operation = "startDevice";
  const missing = missingEndpoint(app, "deviceAuthorization", operation);
  if (missing !== undefined) return missing;
  const parameters = { scope: scopeString(request.scope) };
  const reply = await callEndpoint(
    app,
    { operation, endpoint: "deviceAuthorization", parameters, repeatable: true },
    request,
  );
  return reply.ok ? readDevice(reply.value) : reply;
}

function readDevice({ body, request, response }: Reply): Result<DeviceAuthorization> {
  const deviceCode = stringMember(body, "device_code");
  const userCode = stringMember(body, "user_code");
  // Google sends verification_url, as an early draft of the RFC had it.
  const verificationUri = stringMember(body, "verification_uri") ?? stringMember(body, "verification_url");
  const complete = stringMember(body, "verification_uri_complete");
  const expiresIn = parseSeconds(body["expires_in"]);
  const interval = body["interval"] === undefined ? 5 : parseSeconds(body["interval"]);
  const invalid = (field: string) => invalidResponse(request, response, field);
  if (deviceCode === undefined) return invalid("device_code");
  if (userCode === undefined) return invalid("user_code");
  if (verificationUri === undefined || describeUnsafeUrl(verificationUri) !== undefined)
    return invalid("verification_uri");
  if (complete !== undefined && describeUnsafeUrl(complete) !== undefined) return invalid("verification_uri_complete");
  if (expiresIn === undefined) return invalid("expires_in");
  if (interval === undefined) return invalid("interval");
  return ok(
    withoutUndefined({
      deviceCode: new Sealed(deviceCode),
      userCode,
      verificationUri,
      verificationUriComplete: complete,
      expiresIn,
      interval,
    }),
  );
}
