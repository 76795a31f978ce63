import { createGusto, isClientError, revealTokens, type GustoOptions } from "@symbolon/client";
import type { Store } from "./options.ts";

/** One client for the whole program: `gustoClient(optionsFrom(process.env))`. */
export const gustoClient = (options: GustoOptions) => createGusto(options);
type Gusto = ReturnType<typeof gustoClient>;

/** Connects a company: send the person to `url`, keep `transaction` in their session. */
export async function connect(gusto: Gusto) {
  return await gusto.beginAuthorization({
    redirectUri: "http://127.0.0.1:3000/callback",
    scope: ["companies:read", "payrolls:read"],
  });
}

/**
 * They came back: the address they came to, and what was kept in their session. Which company it is may be asked again;
 * the tokens not.
 */
export async function connected(gusto: Gusto, callback: string, transaction: string, store: Store) {
  const tokens = await gusto.finishAuthorization({ callback, transaction });
  await store(revealTokens(tokens));
  const { resource } = await gusto.introspection.getInfo({ accessToken: tokens.accessToken });
  return resource?.uuid;
}

/** New tokens for old ones. Store them before you use them: the first use ends the old pair. */
export async function refreshed(gusto: Gusto, refreshToken: string, store: Store) {
  try {
    const tokens = await gusto.introspection.refreshToken({ refreshToken });
    await store(revealTokens(tokens));
    return tokens.accessToken;
  } catch (error) {
    if (isClientError(error) && error.code === "refresh_token_dead") return "ask the company to connect again";
    throw error;
  }
}
