import type { GrantId } from "@symbolon/protocol";
import { describe, expect, test } from "vitest";
import { introspect, post, redeem, revoke } from "../../test/flows.ts";
import { overlappingFamily, presets, settledFamily, settlingFamily, type Family } from "../../test/token-family.ts";
import { basic, verifier } from "../../test/world.ts";
import { decideRevoke } from "./revoke.ts";

/** Every state of an active grant that a preset has. */
const states: [string, () => Promise<Family>][] = [
  ...presets.flatMap((preset): [string, () => Promise<Family>][] => [
    [`settled, ${preset}`, () => settledFamily(preset)],
    [`overlap, ${preset}`, () => overlappingFamily(preset)],
  ]),
  ["settling, lazy", settlingFamily],
];
const head = async (family: Family): Promise<number> => (await family.row()).generation;

describe.each(states)("A7: any live grant (%s)", (_, begin) => {
  test("wrong client authentication is 401 and changes nothing", async () => {
    const family = await begin();
    const before = await family.row();
    const { refresh_token } = family.pair(await head(family));
    const { answer, events } = await family.during(() =>
      post(
        family.world,
        "/oauth/token",
        { grant_type: "refresh_token", refresh_token },
        { authorization: basic("app", "wrong") },
      ),
    );
    expect([answer.status, answer.json().error, events]).toEqual([401, "invalid_client", ["client.auth_failed"]]);
    expect(await family.row()).toEqual(before);
  });

  test.each(["head", "predecessor", "ancestor"])(
    "another client with the %s changes nothing, least of all revokes",
    async (place) => {
      const family = await begin();
      const before = await family.row();
      const presented = { head: before.generation, predecessor: before.generation - 1, ancestor: 1 }[place]!;
      const { answer, events } = await family.during(() => family.present(presented, {}, "other"));
      expect([answer.status, answer.json().error, events]).toEqual([
        400,
        "invalid_grant",
        ["refresh.binding_mismatch", "refresh.refused"],
      ]);
      expect(await family.row()).toEqual(before);
    },
  );

  test.each([
    ["a wider scope", { scope: "read write admin" }, "invalid_scope"],
    ["an unknown resource", { resource: "https://foreign.example" }, "invalid_target"],
    ["a relative resource", { resource: "/relative" }, "invalid_target"],
    ["a lifetime that is not allowed", { expires_in: "86400" }, "invalid_request"],
    ["a key that is too short", { refresh_intent: "short" }, "invalid_request"],
  ])("%s changes nothing, for any presented token", async (_what, more, error) => {
    const family = await begin();
    const before = await family.row();
    for (const presented of [before.generation, before.generation - 1]) {
      const { answer, events } = await family.during(() => family.present(presented, more));
      expect([answer.status, answer.json().error, events]).toEqual([400, error, ["refresh.refused"]]);
    }
    expect(await family.row()).toEqual(before);
  });

  test("revocation by the client ends it, with an entry in the feed", async () => {
    const family = await begin();
    const { answer, events } = await family.during(async () =>
      revoke(family.world, "app", family.pair(await head(family)).refresh_token),
    );
    expect([answer.status, events]).toEqual([200, ["grant.revoked"]]);
    await expectDead(family, "revoked_by_client");
  });

  test.each(["revoked_by_owner", "revoked_by_operator"] as const)("%s ends it", async (because) => {
    const family = await begin();
    await family.world.store.grants.change(family.grant, decideRevoke(because, family.world.now()));
    await expectDead(family, because);
  });

  test("a replayed code ends it", async () => {
    const family = await begin();
    const pointer = { grantId: family.grant, generation: 0, issuedAt: 1_795_000_000, variant: 0 };
    const code = family.world.keyring.mint("code", pointer, family.world.now()).reveal();
    const { answer, events } = await family.during(() =>
      redeem(family.world, "app", code, { code_verifier: verifier }),
    );
    expect([answer.json().error, events]).toEqual(["invalid_grant", ["grant.revoked", "code.refused"]]);
    await expectDead(family, "code_replayed");
  });

  test.each([
    ["idle", 30 * 86_400],
    ["absolute", 180 * 86_400],
  ])("its %s end is noticed at the next use", async (_end, seconds) => {
    const family = await begin();
    family.world.advance(seconds);
    const before = await family.row();
    const { answer, events } = await family.during(async () => family.present(await head(family)));
    expect([answer.status, answer.json().error, events]).toEqual([
      400,
      "invalid_grant",
      ["grant.expired", "refresh.refused"],
    ]);
    expect(await family.stands()).toBe("expired");
    expect(await family.row()).toEqual(before);
  });
});

/** No token of the family is good again, the feed has its entry, and no second alarm is raised. */
async function expectDead(family: Family, because: string): Promise<void> {
  expect(await family.stands()).toBe(`revoked(${because})`);
  const before = await family.row();
  for (let generation = 1; generation <= before.generation; generation++) {
    const { answer, events } = await family.during(() => family.present(generation));
    expect([answer.status, answer.json().error, events]).toEqual([400, "invalid_grant", ["refresh.refused"]]);
    expect((await introspect(family.world, "rs_api", family.pair(generation).access_token)).body).toBe(
      '{"active":false}',
    );
  }
  expect(await family.row()).toEqual(before);
  expect(await family.world.store.grants.revocations(0, 10)).toMatchObject([{ kind: "grant", at: family.world.now() }]);
}

describe("A7: an unknown or malformed refresh token", () => {
  test.each([
    ["empty", "", "invalid_request"],
    ["garbage", "garbage", "invalid_grant"],
    ["of the right form", `sym_rt_${"A".repeat(64)}`, "invalid_grant"],
  ])("%s is refused and counted", async (_what, refresh_token, error) => {
    const { world, during } = await settledFamily("lazy");
    const { answer, events } = await during(() =>
      post(world, "/oauth/token", { grant_type: "refresh_token", refresh_token }, { authorization: basic("app") }),
    );
    expect([answer.status, answer.json().error, events]).toEqual([400, error, ["refresh.refused"]]);
  });

  test("a genuine token of a deleted grant is refused", async () => {
    const { world, during } = await settledFamily("lazy");
    const gone = world.keyring
      .mint(
        "refresh",
        { grantId: "019a0000-0000-7000-8000-000000000000" as GrantId, generation: 1, issuedAt: 0, variant: 0 },
        world.now(),
      )
      .reveal();
    const { answer, events } = await during(() =>
      post(
        world,
        "/oauth/token",
        { grant_type: "refresh_token", refresh_token: gone },
        { authorization: basic("app") },
      ),
    );
    expect([answer.status, answer.json().error, events]).toEqual([400, "invalid_grant", ["refresh.refused"]]);
  });
});
