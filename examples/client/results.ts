import { refresh, type Application } from "@symbolon/client";

/** The operations are also functions that return a result instead of throwing. A bundle contains only what it imports. */
export async function refreshed(application: Application, refreshToken: string) {
  const result = await refresh(application, { refreshToken });
  if (result.ok) return result.value.accessToken;
  const { code, outcome, retryAfterMs } = result.error;
  if (code === "refresh_token_dead") return "ask the user to connect again";
  if (code === "client_credentials_wrong") return "check client id and secret; no grant is lost";
  if (outcome === "not_processed") return `safe to repeat, after ${retryAfterMs ?? 1000} ms`;
  if (outcome === "unknown") return "may have been processed: the profile's rotation says whether a retry is safe";
  throw result.error;
}
