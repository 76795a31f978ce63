import { refresh, type Application } from "@symbolon/client";

/** Each operation is also a function that returns a result and never throws. A bundle contains only what it imports. */
export async function refreshTokens(application: Application, refreshToken: string) {
  const result = await refresh(application, { refreshToken });
  if (result.ok) return result.value.accessToken;
  const { code, outcome, retryAfterMs } = result.error;
  if (code === "refresh_token_dead") return "ask the user to connect again";
  if (code === "client_credentials_wrong") return "check client id and secret; no grant is lost";
  if (outcome === "not_processed") return `safe to repeat, after ${retryAfterMs ?? 1000} ms`;
  if (outcome === "unknown") return "may have been processed: the profile's rotation says whether a retry is safe";
  throw result.error;
}
