import { Sealed, type ClientId, type GrantId } from "@symbolon/protocol";
import { describe, expect, test } from "vitest";
import { removeRow } from "@symbolon/testing";
import { obtainCode, redeem, revoke } from "../../test/flows.ts";
import {
  key,
  overlappingFamily,
  presets,
  settledFamily,
  settlingFamily,
  startFamily,
  type Family,
} from "../../test/token-family.ts";
import { watchedStore } from "../../test/watched-store.ts";
import { explainToken, type TokenExplanation } from "./explain.ts";

const explain = (family: Family, token: string): Promise<TokenExplanation> =>
  explainToken(new Sealed(token), family.world.deps);
const verdictOf = async (family: Family, token: string): Promise<TokenExplanation["verdict"]> =>
  (await explain(family, token)).verdict;
const app = "app" as ClientId;

/** A second consent, whose code has not been redeemed. */
const newCode = (family: Family): Promise<string> =>
  obtainCode(family.world, "app", "ann@app.example", { prompt: "consent" });

describe("explain: an active token", () => {
  test.each(["access", "refresh", "code"] as const)("%s: what it is, where it points, when it ends", async (kind) => {
    const family = await startFamily("lazy");
    const pair = family.pair(1);
    const token = { access: pair.access_token, refresh: pair.refresh_token, code: await newCode(family) }[kind];
    const { grantId, generation } = family.world.keyring.read(kind, new Sealed(token))!;
    const now = family.world.now();
    expect(await explain(family, token)).toMatchObject({
      kind,
      key: { id: 1, genuine: true },
      grant: grantId,
      generation,
      application: { id: "app", name: "Payroll Sync" },
      expiresAt: { access: now + 600, refresh: now + 30 * 86_400, code: now + 60 }[kind],
      verdict: { good: true },
    });
  });

  test("explaining changes nothing and does not count as use", async () => {
    const family = await overlappingFamily("lazy");
    const before = await family.row();
    for (const generation of [1, 2, 3]) {
      await explain(family, family.pair(generation).access_token);
      await explain(family, family.pair(generation).refresh_token);
    }
    expect(await family.row()).toEqual(before);
  });

  test("OP-01: the explanation does not contain the token", async () => {
    const family = await startFamily("lazy");
    const { access_token, refresh_token } = family.pair(1);
    const text = JSON.stringify([await explain(family, access_token), await explain(family, refresh_token)]);
    expect(text).not.toContain(access_token.slice(7, 60));
    expect(text).not.toContain(refresh_token.slice(7, 60));
  });
});

describe("explain: why a token is refused", () => {
  const reasons: [string, string, (family: Family) => Promise<string>][] = [
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
        await removeRow(world.store.applications, app);
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
      async (family) => {
        const code = await newCode(family);
        await redeem(family.world, "app", code);
        return code;
      },
    ],
    [
      "code_expired",
      "an old code",
      async (family) => {
        const code = await newCode(family);
        family.world.advance(60);
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
    const family = await startFamily("lazy");
    expect(await verdictOf(family, await prepare(family))).toMatchObject({ good: false, reason });
  });

  test("client_suspended, owner_suspended", async () => {
    const watched = watchedStore();
    const family = await startFamily("lazy", { store: watched.store });
    watched.edits.account = (account) => ({ ...account, suspendedAt: 1 });
    expect(await verdictOf(family, family.pair(1).access_token)).toEqual({ good: false, reason: "owner_suspended" });
    watched.edits.application = (application) => ({ ...application, suspendedAt: 1 });
    expect(await verdictOf(family, family.pair(1).access_token)).toEqual({ good: false, reason: "client_suspended" });
  });

  test("a forged token has the key that it claims, and is not genuine", async () => {
    const family = await startFamily("lazy");
    const { refresh_token } = family.pair(1);
    const altered = refresh_token.slice(0, -1) + (refresh_token.endsWith("A") ? "B" : "A");
    expect(await explain(family, altered)).toMatchObject({
      kind: "refresh",
      key: { id: 1, genuine: false },
      verdict: { good: false, reason: "token_not_ours" },
    });
    expect(await explain(family, altered)).not.toHaveProperty("row");
  });

  test("inactive tokens are told apart: expired, superseded, revoked", async () => {
    const family = await settlingFamily();
    expect(await verdictOf(family, family.pair(2).access_token)).toMatchObject({
      reason: "bearer_inactive",
      note: expect.stringContaining("older generation"),
    });
    await revoke(family.world, "app", family.pair(3).access_token);
    expect(await verdictOf(family, family.pair(3).access_token)).toMatchObject({
      reason: "bearer_inactive",
      note: expect.stringContaining("revoked; its grant"),
    });
    family.world.advance(600);
    expect(await verdictOf(family, family.pair(3).access_token)).toMatchObject({
      reason: "bearer_inactive",
      note: expect.stringContaining("expired; its grant"),
    });
  });
});

describe.each(presets)("explain: a refresh token gets the verdict of the token endpoint, %s", (preset) => {
  const lines: [string, () => Promise<Family>][] = [
    ["settled", () => settledFamily(preset)],
    ["overlap", () => overlappingFamily(preset)],
  ];
  if (preset === "lazy") lines.push(["settling", settlingFamily]);
  test.each(lines)("%s", async (_state, begin) => {
    const { generation: head } = await (await begin()).row();
    for (let generation = 1; generation <= head; generation++) {
      const family = await begin();
      const { verdict } = await explain(family, family.pair(generation).refresh_token);
      const answer = await family.present(generation);
      expect(verdict.good, `generation ${generation}`).toBe(answer.status === 200);
      if (!verdict.good)
        expect(family.world.events.at(-1)).toMatchObject({ name: "refresh.refused", reason: verdict.reason });
    }
  });

  test("a row from a backup is named", async () => {
    const family = await startFamily(preset);
    const backup = await family.row();
    await family.rotate();
    await family.restore(backup);
    expect(await explain(family, family.pair(2).refresh_token)).toMatchObject({
      position: "ahead",
      verdict: { good: true, note: expect.stringContaining("backup") },
    });
  });
});

test("explain: a spent token that needs the key of its rotation", async () => {
  const family = await startFamily("strict");
  await family.rotate({ refresh_intent: key });
  expect(await verdictOf(family, family.pair(1).refresh_token)).toMatchObject({
    reason: "refresh_token_reuse",
    note: expect.stringContaining("refresh_intent"),
  });
});
