import type { Application, Call } from "../application.ts";
import { called, unfit } from "../arguments.ts";
import type { CallCredentials } from "../ask.ts";
import { platformWorld } from "../edge.ts";
import { failed, invalid } from "../http/exchange.ts";
import { isAmount } from "../http/retries.ts";
import type { Result } from "../result.ts";
import { requestTokens, tokensOf } from "../token/request-tokens.ts";
import type { Tokens } from "../token/tokens.ts";
import type { DeviceAuthorization } from "./start-device.ts";

export type AwaitDeviceRequest = Call &
  CallCredentials & {
    device: Pick<DeviceAuthorization, "deviceCode" | "expiresIn"> & Partial<Pick<DeviceAuthorization, "interval">>;
  };

/**
 * Asks until the person has said yes (tokens), no (`access_denied`), or nothing for too long (`device_code_expired`).
 * `slow_down` adds five seconds for good; a lost answer doubles the interval. `signal` ends the waiting.
 * @see RFC 8628 §3.4, §3.5
 */
export async function awaitDevice(app: Application, request: AwaitDeviceRequest): Promise<Result<Tokens>> {
  request = { ...request };
  const operation = "awaitDevice";
  const by = called(app, operation);
  const { world = platformWorld } = app;
  const { device, signal } = request;
  const wrong = unfit(by, { device: device?.deviceCode });
  if (wrong !== undefined) return wrong;
  if (!isAmount(device.expiresIn)) return invalid(by, "device.expiresIn", "must be seconds");
  const grant = {
    operation,
    parameters: { grantType: "urn:ietf:params:oauth:grant-type:device_code", deviceCode: device.deviceCode },
    codes: { invalid_grant: "code_refused", expired_token: "device_code_expired" } as const,
  };
  const deadline = world.monotonicMs() + device.expiresIn * 1000;
  // RFC 8628 §3.2: where no interval is known it is five seconds.
  for (
    let interval = isAmount(device.interval) ? Math.max(1, device.interval!) : 5;
    world.monotonicMs() + interval * 1000 <= deadline;
  ) {
    try {
      await world.sleep(interval * 1000, signal);
    } catch {
      return failed(by, "aborted", "not_processed");
    }
    const granted = await requestTokens(app, grant, request);
    if (granted.ok) return tokensOf(granted);
    const { code, reason, retryAfterMs } = granted.error;
    if (reason?.code === "authorization_pending") continue;
    if (reason?.code === "slow_down") interval += 5;
    else if (code === "timeout" || code === "connection" || code === "server_error" || code === "rate_limited")
      interval = Math.max(interval * 2, (retryAfterMs ?? 0) / 1000);
    else return granted;
  }
  return failed(by, "device_code_expired", "answered");
}
