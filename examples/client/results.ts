import { refresh, type Application } from "@symbolon/client";

/** The same verbs as functions: nothing is thrown, and a bundle has only what it imports. */
export async function refreshed(application: Application, refreshToken: string) {
  const result = await refresh(application, { refreshToken });
  if (result.ok) return result.value.accessToken;
  const { code, outcome, retryAfterMs } = result.error;
  if (code === "refresh_token_dead") return "consent again";
  if (code === "client_credentials_wrong") return "look at the configuration; no grant is lost";
  if (outcome === "not_processed") return `safe to repeat, after ${retryAfterMs ?? 1000} ms`;
  if (outcome === "unknown") return "may have been processed: what to do is the profile's rotation";
  throw result.error;
}
