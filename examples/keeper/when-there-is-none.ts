import type { Keeper } from "@symbolon/client/keeper";

/** What to tell a caller when there is no token. */
export async function tokenOrAdvice(keeper: Keeper, id: string) {
  const found = await keeper.tryToken(id, { minimumLifeSeconds: 60 });
  if (found.ok) return found.value.accessToken;
  const { code, reconnectUrl, retryAfterMs } = found.error;
  if (code === "ended") return `ask the person to connect again ${reconnectUrl ?? ""}`.trim();
  if (code === "paused") return "our client id or secret is refused; no grant is lost";
  if (code === "suspect" || code === "unavailable") return `later, in ${Math.ceil((retryAfterMs ?? 1000) / 1000)} s`;
  throw found.error;
}
