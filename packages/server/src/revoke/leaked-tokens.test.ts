import { exampleGrantId, exampleGrant } from "@symbolon/testing";
import { describe, expect, test } from "vitest";
import { makeWorld } from "../../test/world.ts";
import { findTokens, revokeLeakedTokens } from "./leaked-tokens.ts";

async function worldWithTokens() {
  const { deps, addAccount } = await makeWorld();
  const account = await addAccount("jo@example.com");
  const now = Math.floor(deps.clock.epochMs() / 1000);
  const grant = exampleGrant({ owner: account.id });
  const clientCredentials = exampleGrant({ id: exampleGrantId(2), owner: null });
  for (const one of [grant, clientCredentials]) await deps.store.grants.insert(one);
  const mint = (grantId: typeof grant.id) =>
    deps.keyring.mint("access", { grantId, generation: 1, issuedAt: now, variant: 0 }, now).reveal().toString();
  return {
    deps,
    grant,
    clientCredentials,
    token: mint(grant.id),
    clientCredentialsToken: mint(clientCredentials.id),
    swept: mint(exampleGrantId(9)),
  };
}

const forgedFrom = (token: string): string => `${token.slice(0, -1)}${token.endsWith("A") ? "B" : "A"}`;

describe("revokeLeakedTokens", () => {
  test("revokes the grant of each genuine token once, and names its client and user", async () => {
    const { deps, grant, clientCredentials, token, clientCredentialsToken, swept } = await worldWithTokens();
    const text = `${token} twice: "${token}", ${clientCredentialsToken}; swept: ${swept}`;
    expect(await revokeLeakedTokens(text, deps)).toEqual({
      found: 3,
      genuine: 3,
      grants: [
        { grant: grant.id, client: grant.application, subject: "jo@example.com", changed: true },
        { grant: clientCredentials.id, client: clientCredentials.application, subject: null, changed: true },
      ],
    });
    expect(await deps.store.grants.find(grant.id)).toMatchObject({ state: "revoked", revokedBecause: "token_leaked" });
    expect((await revokeLeakedTokens(text, deps)).grants.map(({ changed }) => changed)).toEqual([false, false]);
  });

  test("a token with a wrong MAC changes nothing", async () => {
    const { deps, grant, token } = await worldWithTokens();
    expect(await revokeLeakedTokens(forgedFrom(token), deps)).toEqual({ found: 1, genuine: 0, grants: [] });
    expect(await deps.store.grants.find(grant.id)).toMatchObject({ state: "active" });
  });

  test("finds no token in text of another length or prefix", async () => {
    const { token } = await worldWithTokens();
    expect(findTokens(`x${token}y sym_at_short sym_cs_${"A".repeat(64)} ${token.slice(0, -1)}`)).toEqual([]);
  });
});
