import { describe, expect, test } from "vitest";
import { emulator, type ProfileName } from "@symbolon/emulator";
import { applicationOf, begin } from "./application.ts";

describe("answers to a spent refresh token by rotation class (refresh-tokens.md B1)", () => {
  test("lazy: repeats the pair until the new access token is first used; after that, reuse ends the grant", async () => {
    await using at = await begin({ profile: "lazy" });
    const one = await at.application.refreshed(at.first.refreshToken);
    const two = await at.application.refreshed(at.first.refreshToken);
    expect(two).toEqual(one);
    expect(await at.application.call(at.first.accessToken)).toBe(200);
    expect(await at.application.call(one.access_token)).toBe(200);
    expect(await at.application.call(at.first.accessToken)).toBe(401);
    expect(await at.application.refresh(at.first.refreshToken)).toMatchObject({
      status: 400,
      body: { error: "invalid_grant" },
    });
    expect(at.control.grants()).toMatchObject([{ state: "ended", because: "refresh_token_reuse" }]);
  });

  test("lazy: the first use of the new refresh token ends the replay window too", async () => {
    await using at = await begin({ profile: "lazy" });
    const one = await at.application.refreshed(at.first.refreshToken);
    await at.application.refreshed(one.refresh_token);
    expect((await at.application.refresh(at.first.refreshToken)).status).toBe(400);
  });

  test("replay: repeats the answer byte for byte for 120 seconds, then reuse ends the grant", async () => {
    await using at = await begin({ profile: "replay" });
    const one = await at.application.refreshed(at.first.refreshToken);
    at.control.advance(119);
    expect(await at.application.refreshed(at.first.refreshToken)).toEqual(one);
    expect(await at.application.call(one.access_token)).toBe(200);
    expect(await at.application.refreshed(at.first.refreshToken), "use of the new token does not close").toEqual(one);
    at.control.advance(1);
    expect((await at.application.refresh(at.first.refreshToken)).status).toBe(400);
    expect(await at.application.call(one.access_token)).toBe(401);
  });

  test("grace: issues another pair for 30 seconds, to the predecessor only", async () => {
    await using at = await begin({ profile: "grace" });
    const one = await at.application.refreshed(at.first.refreshToken);
    const two = await at.application.refreshed(at.first.refreshToken);
    expect(two.refresh_token).not.toBe(one.refresh_token);
    await at.application.refreshed(two.refresh_token);
    expect((await at.application.refresh(at.first.refreshToken)).status, "two generations back").toBe(400);
    expect(at.control.grants()).toMatchObject([{ state: "ended", because: "refresh_token_reuse" }]);
  });

  test("grace: reuse after 30 seconds ends the grant", async () => {
    await using at = await begin({ profile: "grace" });
    const one = await at.application.refreshed(at.first.refreshToken);
    at.control.advance(30);
    await at.application.refresh(at.first.refreshToken);
    expect((await at.application.refresh(one.refresh_token)).status).toBe(400);
  });

  test("timed: changes the refresh token once a day, accepts the old one for an hour and never ends the grant", async () => {
    await using at = await begin({ profile: "timed" });
    const one = await at.application.refreshed(at.first.refreshToken);
    expect(one.refresh_token).toBe(at.first.refreshToken);
    expect(one.access_token).not.toBe(at.first.accessToken);
    at.control.advance(86_400);
    const two = await at.application.refreshed(at.first.refreshToken);
    expect(two.refresh_token).not.toBe(at.first.refreshToken);
    expect((await at.application.refreshed(at.first.refreshToken)).refresh_token).toBe(two.refresh_token);
    at.control.advance(3600);
    expect((await at.application.refresh(at.first.refreshToken)).status).toBe(400);
    expect((await at.application.refreshed(two.refresh_token)).refresh_token).toBe(two.refresh_token);
    at.control.advance(100 * 86_400);
    expect((await at.application.refresh(two.refresh_token)).status, "100 days unused").toBe(400);
  });

  test("none: the refresh token never changes and is left out of the answer", async () => {
    await using at = await begin({ profile: "none" });
    for (let round = 0; round < 3; round++) {
      const answer = await at.application.refreshed(at.first.refreshToken);
      expect(Object.keys(answer)).not.toContain("refresh_token");
      at.control.advance(40 * 86_400);
    }
  });

  test("strict: reuse ends the grant with every token", async () => {
    await using at = await begin({ profile: "strict" });
    const one = await at.application.refreshed(at.first.refreshToken);
    expect(await at.application.call(at.first.accessToken), "the old access token lives to its end").toBe(200);
    expect((await at.application.refresh(at.first.refreshToken)).status).toBe(400);
    expect(await at.application.call(one.access_token)).toBe(401);
    expect((await at.application.refresh(one.refresh_token)).status).toBe(400);
  });
});

const everyProfile: ProfileName[] = ["lazy", "replay", "strict", "grace", "timed", "none"];

describe.each(everyProfile)("%s: a failed request consumes nothing (refresh-tokens.md A3)", (profile) => {
  test.each([
    ["a wrong secret", 401, { authorization: `Basic ${btoa("client_unknown:wrong")}` }, {}],
    ["a wider scope", 400, {}, { scope: "profile admin" }],
    ["no grant_type", 400, {}, { grant_type: "" }],
  ])("%s", async (_what, status, headers, form) => {
    await using at = await begin({ profile });
    const refused = await at.application.post(
      "/token",
      { grant_type: "refresh_token", refresh_token: at.first.refreshToken, ...form },
      headers,
    );
    expect(refused.status).toBe(status);
    expect(at.control.grants()[0]!.pairs).toHaveLength(1);
    expect((await at.application.refresh(at.first.refreshToken)).status).toBe(200);
  });

  test("a token of another client", async () => {
    await using at = await begin({ profile });
    const other = at.control.application();
    const refused = await at.application.post(
      "/token",
      { grant_type: "refresh_token", refresh_token: at.first.refreshToken },
      { authorization: `Basic ${btoa(`${other.clientId}:${other.clientSecret}`)}` },
    );
    expect(refused).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
    expect((await at.application.refresh(at.first.refreshToken)).status).toBe(200);
  });
});

test("a refresh costs the same after 3,000 pairs, and a grant lists the latest 1,000", async () => {
  await using emulated = await emulator({ profile: "lazy" });
  const application = applicationOf(emulated);
  const first = emulated.control.consent();
  let { refreshToken } = first;
  for (let count = 0; count < 3000; count++) refreshToken = (await application.refreshed(refreshToken)).refresh_token;
  const [grant] = emulated.control.grants();
  expect(grant!.pairs).toHaveLength(1000);
  expect(grant!.pairs.at(-1)).toMatchObject({ serial: 3001, parent: 3000 });
  expect((await application.refresh(first.refreshToken)).status).toBe(400);
  expect(emulated.control.grants()[0]).toMatchObject({ state: "ended", because: "refresh_token_reuse" });
});
