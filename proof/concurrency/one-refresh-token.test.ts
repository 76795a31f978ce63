import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ReplayPolicy } from "@symbolon/server";
import { isActive, type PlainClient, type Tokens } from "../harness/client.ts";
import { generationOf, grantOf } from "../harness/registration.ts";
import { jsonOf, type Answer } from "../harness/send.ts";
import { allAtOnce, setStage, type Stage } from "./stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage.close());

/** One rotation and 49 replays, one below the limit of refresh-tokens.md A6. */
const most = 50;

const presentAtOnce = (client: PlainClient, refreshToken: string, presenters: number): Promise<Answer[]> =>
  allAtOnce(presenters, (index) => client.refresh(stage.inTurn(index), refreshToken));

/** Expects tokens in every answer, all of the next generation. */
function theOneSuccessor(
  client: PlainClient,
  spent: string,
  answers: readonly Answer[],
): { all: Tokens[]; refreshToken: string } {
  const all = answers.map((answer) => client.tokensOf(answer));
  const successors = new Set(all.map(({ refresh_token }) => refresh_token));
  expect(successors.size).toBe(1);
  const [refreshToken] = successors as Set<string> & Iterable<string>;
  expect(generationOf(refreshToken!)).toBe(generationOf(spent) + 1);
  return { all, refreshToken: refreshToken! };
}

async function expectAllActive(tokens: readonly Tokens[]): Promise<void> {
  const verdicts = await allAtOnce(tokens.length, (index) =>
    isActive(stage.inTurn(index), stage.resourceServer, tokens[index]!.access_token),
  );
  expect(verdicts).toEqual(tokens.map(() => true));
}

/** Expects every token of the grant to be inactive at both processes. */
async function expectDead(client: PlainClient, tokens: readonly Tokens[]): Promise<void> {
  for (const server of stage.servers) {
    for (const accessToken of new Set(tokens.map(({ access_token }) => access_token)))
      expect(await isActive(server, stage.resourceServer, accessToken)).toBe(false);
    for (const refreshToken of new Set(tokens.map(({ refresh_token }) => refresh_token))) {
      expect(jsonOf(await client.refresh(server, refreshToken))).toMatchObject({ error: "invalid_grant" });
    }
  }
}

const sharing: { preset: string; replay: ReplayPolicy }[] = [
  { preset: "lazy", replay: { preset: "lazy" } },
  { preset: "window", replay: { preset: "window", seconds: 120 } },
];

describe.each(sharing)(
  "TK-12, R-10, I2, S1, S2: one refresh token at two processes at once, under $preset",
  ({ preset, replay }) => {
    test.each([
      { presenters: 2, rounds: 15 },
      { presenters: most, rounds: 2 },
    ])(
      "presented $presenters times: has one successor, and every answer is usable",
      async ({ presenters, rounds }) => {
        const client = await stage.addClient(replay);
        for (let round = 0; round < rounds; round++) {
          const first = await client.obtainTokens(stage.inTurn(round), stage.browser, stage.email);
          const second = theOneSuccessor(
            client,
            first.refresh_token,
            await presentAtOnce(client, first.refresh_token, presenters),
          );
          await expectAllActive(second.all);
          const third = theOneSuccessor(
            client,
            second.refreshToken,
            await allAtOnce(presenters, (index) =>
              client.refresh(stage.inTurn(index), second.all[index]!.refresh_token),
            ),
          );
          await expectAllActive(third.all);
          expect(await grantOf(stage.data, first.refresh_token)).toMatchObject({
            state: "active",
            generation: 3,
            replays: presenters - 1,
          });

          expect(jsonOf(await client.refresh(stage.inTurn(round + 1), first.refresh_token))).toMatchObject({
            error: "invalid_grant",
          });
          expect(await grantOf(stage.data, first.refresh_token)).toMatchObject({
            state: "revoked",
            revokedBecause: "refresh_token_reuse",
          });
          await expectDead(client, [first, ...second.all, ...third.all]);
        }
      },
      120_000,
    );

    test("the 52nd presentation exceeds the limit of 50 replays and ends the grant", async () => {
      const client = await stage.addClient(replay);
      const first = await client.obtainTokens(stage.servers[0], stage.browser, stage.email);
      const answers = await presentAtOnce(client, first.refresh_token, 52);
      const good = answers.filter(({ status }) => status === 200);
      expect(good).toHaveLength(51);
      expect(answers.filter(({ status }) => status !== 200).map((answer) => jsonOf(answer)["error"])).toEqual([
        "invalid_grant",
      ]);
      await expectDead(
        client,
        good.map((answer) => client.tokensOf(answer)),
      );
    });

    test("using a token closes the replay window if the preset says so", async () => {
      const client = await stage.addClient(replay);
      const first = await client.obtainTokens(stage.servers[0], stage.browser, stage.email);
      const second = theOneSuccessor(client, first.refresh_token, await presentAtOnce(client, first.refresh_token, 5));
      await expectAllActive(second.all);
      const late = await client.refresh(stage.servers[1], first.refresh_token);
      expect(late.status).toBe(preset === "window" ? 200 : 400);
      if (preset === "window") expect(client.tokensOf(late).refresh_token).toBe(second.refreshToken);
      client.tokensOf(await client.refresh(stage.servers[0], second.refreshToken));
    });
  },
);

describe("refresh-tokens.md A6, TK-12: the answers of all processes under window", () => {
  test("are the same to the byte", async () => {
    const client = await stage.addClient({ preset: "window", seconds: 120 });
    const first = await client.obtainTokens(stage.servers[0], stage.browser, stage.email);
    const answers = await presentAtOnce(client, first.refresh_token, most);
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
  });
});

describe("RFC 9700 §4.14.2, TK-12, I2, S2: one refresh token at two processes at once, under strict", () => {
  test.each([
    { presenters: 2, rounds: 15 },
    { presenters: most, rounds: 2 },
  ])(
    "presented $presenters times: is exchanged exactly once, and then the grant is revoked",
    async ({ presenters, rounds }) => {
      const client = await stage.addClient({ preset: "strict" });
      for (let round = 0; round < rounds; round++) {
        const first = await client.obtainTokens(stage.inTurn(round), stage.browser, stage.email);
        const answers = await presentAtOnce(client, first.refresh_token, presenters);
        const good = answers.filter(({ status }) => status === 200).map((answer) => client.tokensOf(answer));
        const refused = answers.filter(({ status }) => status !== 200);
        expect(good).toHaveLength(1);
        expect(refused.map((answer) => `${answer.status} ${String(jsonOf(answer)["error"])}`)).toEqual(
          Array(presenters - 1).fill("400 invalid_grant"),
        );
        expect(await grantOf(stage.data, first.refresh_token)).toMatchObject({
          state: "revoked",
          revokedBecause: "refresh_token_reuse",
          generation: 2,
        });
        await expectDead(client, [first, ...good]);
      }
    },
    120_000,
  );
});
