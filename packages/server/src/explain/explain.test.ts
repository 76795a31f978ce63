import { Sealed, type ClientId, type GrantId } from "@symbolon/protocol";
import { describe, expect, test } from "vitest";
import { obtainCode, redeem, revoke } from "../../test/flows.ts";
import {
  key,
  overlappingLineage,
  presets,
  settledLineage,
  settlingLineage,
  startLineage,
  type Lineage,
} from "../../test/lineage.ts";
import { watchedStore } from "../../test/watched-store.ts";
import { explainToken, type TokenExplanation } from "./explain.ts";

const explain = (line: Lineage, token: string): Promise<TokenExplanation> =>
  explainToken(new Sealed(token), line.world.deps);
const verdictOf = async (line: Lineage, token: string): Promise<TokenExplanation["verdict"]> =>
  (await explain(line, token)).verdict;
const app = "app" as ClientId;

/** A second consent, whose code has not been redeemed. */
const newCode = (line: Lineage): Promise<string> =>
  obtainCode(line.world, "app", "ann@app.example", { prompt: "consent" });

describe("explain: a good token", () => {
  test.each(["access", "refresh", "code"] as const)("%s: what it is, where it points, when it ends", async (kind) => {
    const line = await startLineage("lazy");
    const pair = line.pair(1);
    const token = { access: pair.access_token, refresh: pair.refresh_token, code: await newCode(line) }[kind];
    const { grantId, generation } = line.world.keyring.read(kind, new Sealed(token))!;
    const now = line.world.now();
    expect(await explain(line, token)).toMatchObject({
      kind,
      key: { id: 1, genuine: true },
      grant: grantId,
      generation,
      application: { id: "app", name: "Payroll Sync" },
      expiresAt: { access: now + 600, refresh: now + 30 * 86_400, code: now + 60 }[kind],
      verdict: { good: true },
    });
  });

  test("looking changes nothing, and is no use of the token", async () => {
    const line = await overlappingLineage("lazy");
    const before = await line.row();
    for (const generation of [1, 2, 3]) {
      await explain(line, line.pair(generation).access_token);
      await explain(line, line.pair(generation).refresh_token);
    }
    expect(await line.row()).toEqual(before);
  });

  test("OP-01: the explanation does not hold the token", async () => {
    const line = await startLineage("lazy");
    const { access_token, refresh_token } = line.pair(1);
    const text = JSON.stringify([await explain(line, access_token), await explain(line, refresh_token)]);
    expect(text).not.toContain(access_token.slice(7, 60));
    expect(text).not.toContain(refresh_token.slice(7, 60));
  });
});

describe("explain: why a token is refused", () => {
  const reasons: [string, string, (line: Lineage) => Promise<string>][] = [
    ["token_not_ours", "garbage", async () => "garbage"],
    ["token_not_ours", "forged", async () => `sym_at_${"A".repeat(64)}`],
    [
      "grant_unknown",
      "of a grant that is gone",
      async ({ world }) =>
        world.keyring
          .mint(
            "access",
            {
              grantId: "019a0000-0000-7000-8000-000000000000" as GrantId,
              generation: 1,
              issuedAt: world.now(),
              variant: 0,
            },
            0,
          )
          .reveal(),
    ],
    [
      "client_unknown",
      "of a deleted application",
      async ({ world, pair }) => {
        await world.store.applications.delete(app);
        return pair(1).access_token;
      },
    ],
    [
      "grant_revoked",
      "of a revoked grant",
      async ({ world, pair }) => {
        await revoke(world, "app", pair(1).refresh_token);
        return pair(1).access_token;
      },
    ],
    [
      "code_replayed",
      "a redeemed code",
      async (line) => {
        const code = await newCode(line);
        await redeem(line.world, "app", code);
        return code;
      },
    ],
    [
      "code_expired",
      "an old code",
      async (line) => {
        const code = await newCode(line);
        line.world.advance(60);
        return code;
      },
    ],
    [
      "grant_expired",
      "of a grant that was idle too long",
      async ({ world, pair }) => {
        world.advance(30 * 86_400);
        return pair(1).refresh_token;
      },
    ],
    [
      "bearer_inactive",
      "an access token past its end",
      async ({ world, pair }) => {
        world.advance(600);
        return pair(1).access_token;
      },
    ],
  ];
  test.each(reasons)("%s: %s", async (reason, _what, prepare) => {
    const line = await startLineage("lazy");
    expect(await verdictOf(line, await prepare(line))).toMatchObject({ good: false, reason });
  });

  test("client_suspended, owner_suspended", async () => {
    const watched = watchedStore();
    const line = await startLineage("lazy", { store: watched.store });
    watched.edits.account = (account) => ({ ...account, suspendedAt: 1 });
    expect(await verdictOf(line, line.pair(1).access_token)).toEqual({ good: false, reason: "owner_suspended" });
    watched.edits.application = (application) => ({ ...application, suspendedAt: 1 });
    expect(await verdictOf(line, line.pair(1).access_token)).toEqual({ good: false, reason: "client_suspended" });
  });

  test("a forged one says which key it claims, and that the signature is not ours", async () => {
    const line = await startLineage("lazy");
    const { refresh_token } = line.pair(1);
    const altered = refresh_token.slice(0, -1) + (refresh_token.endsWith("A") ? "B" : "A");
    expect(await explain(line, altered)).toMatchObject({
      kind: "refresh",
      key: { id: 1, genuine: false },
      verdict: { good: false, reason: "token_not_ours" },
    });
    expect(await explain(line, altered)).not.toHaveProperty("row");
  });

  test("the inactive ones are told apart: past its end, superseded, revoked by itself", async () => {
    const line = await settlingLineage();
    expect(await verdictOf(line, line.pair(2).access_token)).toMatchObject({
      reason: "bearer_inactive",
      note: expect.stringContaining("older generation"),
    });
    await revoke(line.world, "app", line.pair(3).access_token);
    expect(await verdictOf(line, line.pair(3).access_token)).toMatchObject({
      reason: "bearer_inactive",
      note: expect.stringContaining("by itself"),
    });
    line.world.advance(600);
    expect(await verdictOf(line, line.pair(3).access_token)).toMatchObject({
      reason: "bearer_inactive",
      note: expect.stringContaining("past its own end"),
    });
  });
});

describe.each(presets)("explain: a refresh token is explained as it would be answered, %s", (preset) => {
  const lines: [string, () => Promise<Lineage>][] = [
    ["settled", () => settledLineage(preset)],
    ["overlap", () => overlappingLineage(preset)],
  ];
  if (preset === "lazy") lines.push(["settling", settlingLineage]);
  test.each(lines)("%s", async (_state, begin) => {
    const { generation: head } = await (await begin()).row();
    for (let generation = 1; generation <= head; generation++) {
      const line = await begin();
      const { verdict } = await explain(line, line.pair(generation).refresh_token);
      const answer = await line.present(generation);
      expect(verdict.good, `generation ${generation}`).toBe(answer.status === 200);
      if (!verdict.good)
        expect(line.world.events.at(-1)).toMatchObject({ name: "refresh.refused", reason: verdict.reason });
    }
  });

  test("a row from a backup is said to be one", async () => {
    const line = await startLineage(preset);
    const backup = await line.row();
    await line.rotate();
    await line.restore(backup);
    expect(await explain(line, line.pair(2).refresh_token)).toMatchObject({
      position: "ahead",
      verdict: { good: true, note: expect.stringContaining("backup") },
    });
  });
});

test("explain: a spent token that only its key would save says so", async () => {
  const line = await startLineage("strict");
  await line.rotate({ refresh_intent: key });
  expect(await verdictOf(line, line.pair(1).refresh_token)).toMatchObject({
    reason: "refresh_token_reuse",
    note: expect.stringContaining("refresh_intent"),
  });
});
