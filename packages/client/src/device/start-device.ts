import { Sealed } from "@symbolon/protocol";
import { absentEndpoint } from "../absent-endpoint.ts";
import { whyUnsafe, type Application, type Call } from "../application.ts";
import { ask, type CallCredentials } from "../ask.ts";
import { unreadable } from "../http/exchange.ts";
import { present } from "../present.ts";
import { ok, type Result } from "../result.ts";
import { scopeText, type ScopeRequest } from "../scope.ts";
import { secondsIn, textIn } from "../token/tokens.ts";

export type StartDeviceRequest<Scope extends string = string> = Call &
  CallCredentials & { scope?: ScopeRequest<Scope> };

/** What to show to the person: the code, and where to enter it. */
export type DeviceAuthorization = {
  deviceCode: Sealed;
  userCode: string;
  verificationUri: string;
  /** The same with the code in it, for a QR code. */
  verificationUriComplete?: string;
  /** Both in seconds. */
  expiresIn: number;
  interval: number;
};

/** Begins a sign-in on another device. @see RFC 8628 §3.1, §3.2 */
export async function startDevice<Scope extends string>(
  app: Application<Scope>,
  request: StartDeviceRequest<Scope> = {},
): Promise<Result<DeviceAuthorization>> {
  request = { ...request };
  const absent = absentEndpoint(app, "deviceAuthorization", "startDevice");
  if (absent !== undefined) return absent;
  const parameters = { scope: scopeText(request.scope) };
  const reply = await ask(
    app,
    { operation: "startDevice", endpoint: "deviceAuthorization", parameters, repeatable: true },
    request,
  );
  if (!reply.ok) return reply;
  const { body, exchange, answer } = reply.value;

  const deviceCode = textIn(body, "device_code");
  const userCode = textIn(body, "user_code");
  // Google writes verification_url, as an early draft did.
  const verificationUri = textIn(body, "verification_uri") ?? textIn(body, "verification_url");
  const complete = textIn(body, "verification_uri_complete");
  const expiresIn = secondsIn(body["expires_in"]);
  const interval = body["interval"] === undefined ? 5 : secondsIn(body["interval"]);
  const odd = (field: string) => unreadable(exchange, answer, field);
  if (deviceCode === undefined) return odd("device_code");
  if (userCode === undefined) return odd("user_code");
  if (verificationUri === undefined || whyUnsafe(verificationUri) !== undefined) return odd("verification_uri");
  if (complete !== undefined && whyUnsafe(complete) !== undefined) return odd("verification_uri_complete");
  if (expiresIn === undefined) return odd("expires_in");
  if (interval === undefined) return odd("interval");
  return ok(
    present({
      deviceCode: new Sealed(deviceCode),
      userCode,
      verificationUri,
      verificationUriComplete: complete,
      expiresIn,
      interval,
    }),
  );
}
