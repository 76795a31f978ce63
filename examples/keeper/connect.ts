import type { Tokens } from "@symbolon/client";
import type { Keeper } from "@symbolon/client/keeper";

/**
 * After a consent: the keeper takes the tokens over. `subject` is whose they are, so that a second consent replaces the
 * first.
 */
export async function connected(keeper: Keeper, company: string, tokens: Tokens) {
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

/** From then on: call the API, and think of no token. */
export async function payrolls(keeper: Keeper, company: string, url: string) {
  const response = await keeper.fetch(`gusto.${company}`, { needs: ["payrolls:read"] })(url);
  return response.status;
}
