import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ReplayPolicy } from "@symbolon/server";
import { isActive, type PlainClient, type Tokens } from "../harness/client.ts";
import { grantOf } from "../harness/registration.ts";
import { jsonOf, type Answer } from "../harness/send.ts";
import { allAtOnce, setStage, type Stage } from "./stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage.close());

const rounds = 200;
const sideBySide = 6;

/** Who starts first, and where: the revocation goes to one process, two refreshes to both. */
const orders = ["revoke, refresh, refresh", "refresh, revoke, refresh", "refresh, refresh, revoke"] as const;

/** Runs one race; returns all tokens that clients received, and which refreshes succeeded. */
async function race(client: PlainClient, round: number): Promise<{ received: Tokens[]; rotated: number }> {
  const first = await client.obtainTokens(stage.inTurn(round), stage.browser, stage.email);
  const revokeAt = stage.inTurn(Math.floor(round / 2));
  let refreshes = 0;
  const steps = orders[round % orders.length]!.split(", ").map((step) =>
    step === "revoke"
      ? client.revoke(revokeAt, first.refresh_token)
      : client.refresh(stage.inTurn(refreshes++), first.refresh_token),
  );
  const answers = await Promise.all(steps);
  const isRevocation = (answer: Answer) => answer.body === "{}";
  expect(answers.filter(isRevocation).map(({ status }) => status)).toEqual([200]);
  const good = answers.filter((answer) => !isRevocation(answer) && answer.status === 200);
  for (const refused of answers.filter(({ status }) => status !== 200))
    expect(jsonOf(refused)).toMatchObject({ error: "invalid_grant" });
  return { received: [first, ...good.map((answer) => client.tokensOf(answer))], rotated: good.length };
}

async function expectDead(client: PlainClient, received: readonly Tokens[]): Promise<void> {
  for (const server of stage.servers) {
    for (const { access_token, refresh_token } of received) {
      expect(await isActive(server, stage.resourceServer, access_token)).toBe(false);
      expect(jsonOf(await client.refresh(server, refresh_token))).toMatchObject({ error: "invalid_grant" });
    }
  }
}

const presets: { preset: string; replay: ReplayPolicy }[] = [
  { preset: "lazy", replay: { preset: "lazy" } },
  { preset: "window", replay: { preset: "window", seconds: 120 } },
];

describe("RFC 7009 §2.1, TK-13, RV-01: a revocation racing refreshes at two processes", () => {
  test.each(presets)(
    `of ${rounds} races under $preset, none leaves an active token after the acknowledgement`,
    async ({ replay }) => {
      const client = await stage.addClient(replay);
      for (let done = 0; done < rounds; done += sideBySide) {
        const races = await allAtOnce(sideBySide, (index) => race(client, done + index));
        await Promise.all(races.map(({ received }) => expectDead(client, received)));
      }
    },
    120_000,
  );

  test("revokes the tokens of a refresh that was answered before the revocation began", async () => {
    const client = await stage.addClient({ preset: "lazy" });
    const first = await client.obtainTokens(stage.servers[0], stage.browser, stage.email);
    const second = client.tokensOf(await client.refresh(stage.servers[1], first.refresh_token));
    expect(await isActive(stage.servers[0], stage.resourceServer, second.access_token)).toBe(true);
    expect((await client.revoke(stage.servers[0], first.refresh_token)).status).toBe(200);
    expect(await grantOf(stage.data, first.refresh_token)).toMatchObject({
      state: "revoked",
      revokedBecause: "revoked_by_client",
      generation: 2,
    });
    await expectDead(client, [first, second]);
  });
});
