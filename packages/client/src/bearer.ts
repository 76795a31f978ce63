import type { Application, Call, Secret, SecretSource } from "./application.ts";
import { errorSource, reveal } from "./check-arguments.ts";
import { platformWorld } from "./edge.ts";
import { failure, invalidRequest } from "./errors/failures.ts";
import { defaultTimeoutMs } from "./http/send.ts";
import { ok, type Result } from "./result.ts";

/** The value of an Authorization header. A token that already begins with `bearer ` is returned unchanged. */
export const bearerHeader = (token: Secret): string =>
  /^bearer /i.test(reveal(token)) ? reveal(token) : `Bearer ${reveal(token)}`;

/**
 * The access token of the call, or the application's. Where it is a function, the function is called, within the
 * timeout and the signal of the call. What the function throws is dropped, because it may contain a token: the failure
 * is `invalid_request` with the field `accessToken`.
 */
export async function resolveAccessToken(
  app: Application,
  {
    accessToken = app.accessToken,
    signal,
    timeoutMs = app.timeoutMs ?? defaultTimeoutMs,
  }: Call & { accessToken?: SecretSource },
  operation: string,
): Promise<Result<Secret | undefined>> {
  if (typeof accessToken !== "function") return ok(accessToken);
  const { world = platformWorld } = app;
  const source = errorSource(app, operation);
  const stop = new AbortController();
  const end = () => stop.abort("aborted");
  signal?.addEventListener?.("abort", end);
  if (signal?.aborted === true) end();
  // A timeout of 0 means no limit: the timer then runs as long as a timer can.
  const gaveUp = world.sleep(timeoutMs === 0 ? Infinity : timeoutMs, stop.signal).then(
    () => failure(source, "timeout", "not_processed", { field: "accessToken" }),
    () => failure(source, "aborted", "not_processed"),
  );
  const token = (async () => ok(await accessToken()))().catch(() =>
    invalidRequest(source, "accessToken", "the function threw"),
  );
  try {
    return await Promise.race([gaveUp, token]);
  } finally {
    end();
    signal?.removeEventListener?.("abort", end);
  }
}
