import { createGusto, isClientError, revealTokens, type GustoOptions } from "@symbolon/client";
import type { Store } from "./options.ts";

/** Creates one client for the whole program: `gustoClient(optionsFrom(process.env))`. */
export const gustoClient = (options: GustoOptions) => createGusto(options);
type Gusto = ReturnType<typeof gustoClient>;

/** Begins to connect a company: redirect the user to `url`, and keep `transaction` in their session. */
export async function connect(gusto: Gusto) {
  return await gusto.beginAuthorization({
    redirectUri: "http://127.0.0.1:3000/callback",
    scope: ["companies:read", "payrolls:read"],
  });
}

/**
 * Connects the company once the user is redirected back to `callback`. Store the tokens first: they are returned only
 * once, while the name of the company can be requested again.
 */
export async function finishConnecting(gusto: Gusto, callback: string, transaction: string, store: Store) {
  const tokens = await gusto.finishAuthorization({ callback, transaction });
  await store(revealTokens(tokens));
  const { resource } = await gusto.introspection.getInfo({ accessToken: tokens.accessToken });
  return resource?.uuid;
}

/** Refreshes. Store the new tokens before you use them: their first use ends the old ones. */
export async function refreshTokens(gusto: Gusto, refreshToken: string, store: Store) {
  try {
    const tokens = await gusto.introspection.refreshToken({ refreshToken });
    await store(revealTokens(tokens));
    return tokens.accessToken;
  } catch (error) {
    if (isClientError(error) && error.code === "refresh_token_dead") return "ask the company to connect again";
    throw error;
  }
}
