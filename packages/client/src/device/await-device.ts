import type { Application, Call } from "../application.ts";
import type { CallCredentials } from "../call-endpoint.ts";
import { errorSource, invalidArgument } from "../check-arguments.ts";
import { platformWorld } from "../edge.ts";
import { failure, invalidRequest } from "../errors/failures.ts";
import { isNonNegative } from "../http/retries.ts";
import type { Result } from "../result.ts";
import { requestTokens, tokensIn } from "../token/request-tokens.ts";
import type { Tokens } from "../token/tokens.ts";
import type { DeviceAuthorization } from "./start-device.ts";

/** Arguments of `awaitDevice`. */
export type AwaitDeviceRequest = Call &
  CallCredentials & {
    /** What `startDevice` returned. */
    device: Pick<DeviceAuthorization, "deviceCode" | "expiresIn"> & Partial<Pick<DeviceAuthorization, "interval">>;
  };

/**
 * Polls the token endpoint until the user has decided, at most `device.expiresIn` seconds. Fails with `access_denied`
 * if the user refused, and with `device_code_expired` if they did nothing. `slow_down` adds five seconds to the
 * interval for good; a lost response doubles it. `signal` ends the polling.
 * @see RFC 8628 §3.4, §3.5
 */
export async function awaitDevice(app: Application, request: AwaitDeviceRequest): Promise<Result<Tokens>> {
  request = { ...request };
  const operation = "awaitDevice";
  const source = errorSource(app, operation);
  const { world = platformWorld } = app;
  const { device, signal } = request;
  const invalid = invalidArgument(source, { device: device?.deviceCode });
  if (invalid !== undefined) return invalid;
  if (!isNonNegative(device.expiresIn)) return invalidRequest(source, "device.expiresIn", "must be seconds");
  const grant = {
    operation,
    parameters: { grantType: "urn:ietf:params:oauth:grant-type:device_code", deviceCode: device.deviceCode },
    codes: { invalid_grant: "code_refused", expired_token: "device_code_expired" } as const,
  };
  const deadline = world.monotonicMs() + device.expiresIn * 1000;
  // RFC 8628 §3.2: the default interval is five seconds.
  let interval = isNonNegative(device.interval) ? Math.max(1, device.interval!) : 5;
  while (world.monotonicMs() + interval * 1000 <= deadline) {
    try {
      await world.sleep(interval * 1000, signal);
    } catch {
      return failure(source, "aborted", "not_processed");
    }
    const reply = await requestTokens(app, grant, request);
    if (reply.ok) return tokensIn(reply);
    const { code, reason, retryAfterMs } = reply.error;
    if (reason?.code === "authorization_pending") continue;
    if (reason?.code === "slow_down") interval += 5;
    else if (code === "timeout" || code === "connection" || code === "server_error" || code === "rate_limited")
      interval = Math.max(interval * 2, (retryAfterMs ?? 0) / 1000);
    else return reply;
  }
  return failure(source, "device_code_expired", "answered");
}
