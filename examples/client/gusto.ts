import { createGusto, isClientError, revealTokens, type GustoOptions } from "@symbolon/client";

/** Connects a company: send the person to `url`, keep `transaction` in their session. */
export async function connect(options: GustoOptions) {
  const gusto = createGusto(options);
  return await gusto.beginAuthorization({ redirectUri: "http://127.0.0.1:3000/callback", scope: ["companies:read", "payrolls:read"] });
}

/** They came back: the address they came to, and what was kept in their session. */
export async function connected(options: GustoOptions, callback: string, transaction: string) {
  const gusto = createGusto(options);
  const tokens = await gusto.finishAuthorization({ callback, transaction });
  const info = await createGusto({ ...options, companyAccessAuth: tokens.accessToken }).introspection.getInfo();
  return { company: info.resource?.uuid, stored: revealTokens(tokens) };
}

/** New tokens for old ones. Store them before you use them: the first use ends the old pair. */
export async function refreshed(options: GustoOptions, refreshToken: string, store: (tokens: object) => Promise<void>) {
  try {
    const tokens = await createGusto(options).introspection.refreshToken({ refreshToken });
    await store(revealTokens(tokens));
    return tokens.accessToken;
  } catch (error) {
    if (isClientError(error) && error.code === "refresh_token_dead") return "ask the company to connect again";
    throw error;
  }
}
