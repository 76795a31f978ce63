import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isActive, type PlainClient } from "../harness/client.ts";
import { grantOf } from "../harness/registration.ts";
import { jsonOf } from "../harness/send.ts";
import { allAtOnce, setStage, type Stage } from "./stage.ts";

let stage: Stage;
let client: PlainClient;
beforeAll(async () => {
  stage = await setStage();
  client = await stage.addClient({ preset: "lazy" });
});
afterAll(() => stage.close());

describe("RFC 6749 §4.1.2, TK-03, I1: one code at two processes at once", () => {
  test.each([
    { presenters: 2, rounds: 20 },
    { presenters: 50, rounds: 3 },
  ])("presented $presenters times: is redeemed once, and its tokens are revoked", async ({ presenters, rounds }) => {
    for (let round = 0; round < rounds; round++) {
      const code = await client.obtainCode(stage.inTurn(round), stage.browser, stage.email);
      const answers = await allAtOnce(presenters, (index) => client.redeem(stage.inTurn(index), code));

      const good = answers.filter(({ status }) => status === 200);
      const refused = answers.filter(({ status }) => status !== 200);
      expect(good).toHaveLength(1);
      expect(refused.map(({ status, body }) => `${status} ${JSON.parse(body).error}`)).toEqual(
        Array(presenters - 1).fill("400 invalid_grant"),
      );

      const tokens = client.tokensOf(good[0]!);
      expect(await grantOf(stage.data, tokens.refresh_token)).toMatchObject({
        state: "revoked",
        revokedBecause: "code_replayed",
        generation: 1,
      });
      for (const server of stage.servers) {
        expect(await isActive(server, stage.resourceServer, tokens.access_token)).toBe(false);
        expect(jsonOf(await client.refresh(server, tokens.refresh_token))).toMatchObject({ error: "invalid_grant" });
      }
    }
  });

  test("presented 50 times with a wrong verifier: is never redeemed, and too many guesses end it", async () => {
    const { code, verifier } = await client.obtainCode(stage.servers[0], stage.browser, stage.email);
    const answers = await allAtOnce(50, (index) =>
      client.redeem(stage.inTurn(index), { code, verifier: `${verifier}${index}` }),
    );
    expect(new Set(answers.map(({ status, body }) => `${status} ${JSON.parse(body).error}`))).toEqual(
      new Set(["400 invalid_grant"]),
    );
    expect(await grantOf(stage.data, code)).toMatchObject({
      state: "revoked",
      revokedBecause: "code_guessed",
      generation: 0,
    });
    expect((await client.redeem(stage.servers[1], { code, verifier })).status).toBe(400);
  });

  test("presented once: returns tokens that both processes accept", async () => {
    const tokens = await client.obtainTokens(stage.servers[0], stage.browser, stage.email);
    for (const server of stage.servers)
      expect(await isActive(server, stage.resourceServer, tokens.access_token)).toBe(true);
    client.tokensOf(await client.refresh(stage.servers[1], tokens.refresh_token));
  });
});
