import { describe, expect, test } from "vitest";
import { revealTokens } from "../token/reveal-tokens.ts";
import { provider, useProvider, fitbitAt, basic, tokens, sent } from "../../test/fitbit-fixture.ts";

useProvider();

describe("fitbit 3.5, 3.6, 3.7: other operations", () => {
  test("client credentials have no userId", async () => {
    provider.reply({ body: { access_token: "AT", expires_in: 86_400, scope: "", token_type: "Bearer" } });
    const result = await fitbitAt().clientCredentials({ expiresIn: 86_400 });
    expect(Object.fromEntries(sent().form)).toEqual({ grant_type: "client_credentials", expires_in: "86400" });
    expect(result).not.toHaveProperty("refreshToken");
  });
  test("revokes with Basic and accepts an empty response", async () => {
    provider.reply({ headers: { "content-type": "application/json" } });
    expect(await fitbitAt().revoke({ token: "AT" })).toBe("revoked");
    expect(sent()).toMatchObject({ path: "/oauth2/revoke", body: "token=AT", headers: { authorization: basic } });
  });
  test("refresh, exchangeCode and revealTokens return the user id", async () => {
    provider.reply({ body: tokens });
    expect(revealTokens(await fitbitAt().refresh({ refreshToken: "RT" }))).toMatchObject({
      refresh_token: "RT2",
      user_id: "7XYZ12",
    });
    expect((await fitbitAt().refresh({ refreshToken: "RT" })).userId).toBe("7XYZ12");
    expect((await fitbitAt().exchangeCode({ code: "c" })).userId).toBe("7XYZ12");
  });
  test("authorizeBaseUrl of a call replaces the client's", async () => {
    const fitbit = fitbitAt({ transactionKey: "A".repeat(43) });
    expect(fitbit.authorizationUrl({ authorizeBaseUrl: provider.url })).toMatch(`${provider.url}/oauth2/authorize?`);
    expect(
      (await fitbit.beginAuthorization({ authorizeBaseUrl: provider.url, redirectUri: "https://app.example/cb" })).url,
    ).toMatch(`${provider.url}/oauth2/authorize?`);
    expect(fitbit.authorizationUrl({})).toMatch("https://www.fitbit.com/oauth2/authorize?");
    expect(() => fitbit.authorizationUrl({ authorizeBaseUrl: "http://id.example" })).toThrow(
      expect.objectContaining({ field: "authorizeBaseUrl" }),
    );
  });
  test("completes a code flow with PKCE, ignoring the fragment that Fitbit appends", async () => {
    const fitbit = fitbitAt({ authorizeBaseUrl: provider.url, transactionKey: "A".repeat(43) });
    const { url, state, transaction } = await fitbit.beginAuthorization({
      redirectUri: "https://app.example/cb",
      scope: ["heartrate", "sleep"],
    });
    expect(url).toMatch(`${provider.url}/oauth2/authorize?`);
    provider.reply({ body: tokens });
    const result = await fitbit.finishAuthorization({
      callback: `https://app.example/cb?code=c&state=${state}#_=_`,
      transaction,
    });
    expect(result.userId).toBe("7XYZ12");
    expect(sent().form.get("code_verifier")).toMatch(/^[\w-]{43}$/);
  });
});
