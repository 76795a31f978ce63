import type { Tokens } from "@symbolon/client";
import type { Keeper } from "@symbolon/client/keeper";

/**
 * Hands the tokens over to the keeper after a consent. `subject` says whose they are, so that a second consent of the
 * same company replaces the first.
 */
export async function adoptTokens(keeper: Keeper, company: string, tokens: Tokens) {
  const { accessToken, refreshToken, expiresIn, scopes } = tokens;
  await keeper.adopt(
    `gusto.${company}`,
    {
      accessToken,
      ...(refreshToken && { refreshToken }),
      ...(expiresIn && { lifetimeSeconds: expiresIn }),
      ...(scopes && { scope: scopes }),
    },
    { subject: company },
  );
}

/** Calls the API. The keeper adds the access token and refreshes it when needed. */
export async function getPayrolls(keeper: Keeper, company: string, url: string) {
  const response = await keeper.fetch(`gusto.${company}`, { needs: ["payrolls:read"] })(url);
  return response.status;
}
