import type { Application, Call, Secret } from "./application.ts";
import { called, reveal } from "./arguments.ts";
import { platformWorld } from "./edge.ts";
import { failed, invalid } from "./http/exchange.ts";
import { usualTimeoutMs } from "./http/send.ts";
import { ok, type Result } from "./result.ts";

/** The value of an Authorization header; one that begins with `bearer ` in any case goes as it is. */
export const bearer = (token: Secret): string =>
  /^bearer /i.test(reveal(token)) ? reveal(token) : `Bearer ${reveal(token)}`;

/**
 * The access token of the call, or the application's own, fetched anew where it is a function. One that fails, or takes
 * longer than a call may, or than the caller waits, is an error that names it; what it threw is not repeated, because
 * it may hold a token.
 */
export async function accessTokenOf(
  app: Application,
  {
    accessToken = app.accessToken,
    signal,
    timeoutMs = app.timeoutMs ?? usualTimeoutMs,
  }: Call & { accessToken?: Application["accessToken"] },
  operation: string,
): Promise<Result<Secret | undefined>> {
  if (typeof accessToken !== "function") return ok(accessToken);
  const { world = platformWorld } = app;
  const by = called(app, operation);
  const stop = new AbortController();
  const end = () => stop.abort("aborted");
  signal?.addEventListener?.("abort", end);
  if (signal?.aborted === true) end();
  // Without a limit the timer is the longest that there is.
  const gaveUp = world.sleep(timeoutMs === 0 ? Infinity : timeoutMs, stop.signal).then(
    () => failed(by, "timeout", "not_processed", { field: "accessToken" }),
    () => failed(by, "aborted", "not_processed"),
  );
  const token = (async () => ok(await accessToken()))().catch(() => invalid(by, "accessToken", "its function failed"));
  try {
    return await Promise.race([gaveUp, token]);
  } finally {
    end();
    signal?.removeEventListener?.("abort", end);
  }
}
