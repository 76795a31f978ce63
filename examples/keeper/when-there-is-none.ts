import type { Keeper } from "@symbolon/client/keeper";

/** Returns the access token, or what to tell the caller when there is none. */
export async function tokenOrAdvice(keeper: Keeper, id: string) {
  const found = await keeper.tryToken(id, { minimumLifeSeconds: 60 });
  if (found.ok) return found.value.accessToken;
  const { code, reconnectUrl, retryAfterMs } = found.error;
  if (code === "ended") return `ask the user to connect again ${reconnectUrl ?? ""}`.trim();
  if (code === "paused") return "the provider refuses our client id or secret; no grant is lost";
  if (code === "suspect" || code === "unavailable") return `try again in ${Math.ceil((retryAfterMs ?? 1000) / 1000)} s`;
  throw found.error;
}
