import { randomBytes } from "node:crypto";
import { Sealed, type GrantId } from "@symbolon/protocol";
import { describe, expect, test } from "vitest";
import { introspect, obtainTokens, refresh } from "../../test/flows.ts";
import { key as intent } from "../../test/token-family.ts";
import { makeWorld } from "../../test/world.ts";
import { hmacKeyring } from "./hmac-keyring.ts";
import type { KeyringData, KeyringKey } from "./keyring.ts";

const secretOf = (byte: number): string => Buffer.alloc(32, byte).toString("base64url");
const grantId = "019a3c5e-7f00-7abc-8def-0123456789ab" as GrantId;
const pointer = { grantId, generation: 7, issuedAt: 1_795_000_000, variant: 2 };
const keyOf = (id: number, activeFrom: number): KeyringKey => ({ id, secret: secretOf(id), createdAt: 0, activeFrom });

/** A keyring whose keys a test changes; `load` returns the same object while nothing has changed, like a file. */
function ringOf(...keys: KeyringKey[]) {
  let data: KeyringData = { format: 1, keys, pepper: secretOf(200) };
  return {
    ring: hmacKeyring(() => data),
    become: (...next: KeyringKey[]) => {
      data = { ...data, keys: next };
    },
  };
}

describe("known answers keep tokens of the previous release valid (decision 0001)", () => {
  const { ring } = ringOf(keyOf(1, 0));
  test.each([
    ["access", "sym_at_AQGaPF5_AHq8je8BI0VniasAAAAHAGr9hsAAAq1O2oSpzfX0rgyNHceCvnKRfafW"],
    ["refresh", "sym_rt_AQGaPF5_AHq8je8BI0VniasAAAAHAGr9hsAAAmf4XtxHoXuLpKQoXRZ7kZtZAE0x"],
    ["code", "sym_ac_AQGaPF5_AHq8je8BI0VniasAAAAHAGr9hsAAAuQL_0UsqKvGT0esNaU27yhBWWdm"],
  ] as const)("a token: %s", (kind, expected) => expect(ring.mint(kind, pointer, 0).reveal()).toBe(expected));

  test("the digest of a secret", () =>
    expect(Buffer.from(ring.digest("client_secret", "secret")).toString("hex")).toBe(
      "2f736fdbd988780adc70774748201294bc23278ec9e38ac62e62e5d431fda632",
    ));
  test("a seal", () => expect(ring.seal("transaction", "message")).toBe("iVhAsGQgeekh0Olw6FNY9d3CsLvnrUEHuO6mCuBWiD0"));
  test("digests of one family differ from those of another", () =>
    expect(
      new Set(
        (["client_secret", "session", "intent", "password"] as const).map((family) =>
          Buffer.from(ring.digest(family, "secret")).toString("hex"),
        ),
      ).size,
    ).toBe(4));
});

describe("the life of a key (decision 0001)", () => {
  test("it mints tokens from `activeFrom` on, and the key before it until then", () => {
    const { ring } = ringOf(keyOf(2, 100), keyOf(1, 0));
    expect([0, 99, 100, 1000].map((at) => ring.read("access", ring.mint("access", pointer, at))?.keyId)).toEqual([
      1, 1, 2, 2,
    ]);
  });

  test("before `activeFrom` of every key the oldest is used", () => {
    const { ring } = ringOf(keyOf(2, 200), keyOf(1, 100));
    expect(ring.read("access", ring.mint("access", pointer, 0))?.keyId).toBe(1);
  });

  test("after a rotation the tokens of the old key are accepted and recomputed", () => {
    const { ring, become } = ringOf(keyOf(1, 0));
    const old = ring.mint("refresh", pointer, 50).reveal();
    become(keyOf(1, 0), keyOf(2, 100));
    expect(ring.read("refresh", new Sealed(old))).toEqual({ ...pointer, keyId: 1 });
    expect(ring.mint("refresh", pointer, 50).reveal()).toBe(old);
    expect(ring.mint("refresh", pointer, 150).reveal()).not.toBe(old);
  });

  test("dropping a key ends its tokens at once, and no others", () => {
    const { ring, become } = ringOf(keyOf(1, 0), keyOf(2, 100));
    const [old, young] = [ring.mint("access", pointer, 50).reveal(), ring.mint("access", pointer, 150).reveal()];
    expect([ring.read("access", new Sealed(old))?.keyId, ring.read("access", new Sealed(young))?.keyId]).toEqual([
      1, 2,
    ]);
    become(keyOf(2, 100));
    expect([ring.read("access", new Sealed(old)), ring.read("access", new Sealed(young))?.keyId]).toEqual([
      undefined,
      2,
    ]);
  });

  test("another key with the id of a dropped one does not revive its tokens", () => {
    const { ring, become } = ringOf(keyOf(1, 0));
    const old = ring.mint("access", pointer, 0).reveal();
    expect(ring.read("access", new Sealed(old))?.keyId).toBe(1);
    become({ ...keyOf(1, 0), secret: secretOf(9) });
    expect(ring.read("access", new Sealed(old))).toBeUndefined();
  });

  test("a keyring without a key is refused", () =>
    expect(() => ringOf().ring.mint("access", pointer, 0).reveal()).toThrow("no key"));
});

describe("A4, S1: a rotation of the key within a token family", () => {
  async function familyOverKeyRotation() {
    const startAt = 1_795_000_000;
    const { ring, become } = ringOf(keyOf(1, 0));
    const world = await makeWorld({ startAt, keyring: ring });
    await world.addApplication("app");
    await world.addAccount("ann@app.example");
    await world.addResourceServer("rs_api");
    const first = await obtainTokens(world, "app", "ann@app.example");
    const second = (await refresh(world, "app", first.refresh_token, { refresh_intent: intent })).json();
    const rotateKey = () => {
      become(keyOf(1, 0), keyOf(2, startAt + 10));
      world.advance(10);
    };
    return { world, first, second, rotateKey, dropOldKey: () => become(keyOf(2, startAt + 10)) };
  }

  test("a replay recomputes the same successor", async () => {
    const { world, first, second, rotateKey } = await familyOverKeyRotation();
    rotateKey();
    const again = (await refresh(world, "app", first.refresh_token, { refresh_intent: intent })).json();
    expect(again).toMatchObject({ refresh_token: second.refresh_token, access_token: second.access_token });
  });

  test("so does a replay with a new access token, which is minted with the new key", async () => {
    const { world, first, second, rotateKey } = await familyOverKeyRotation();
    rotateKey();
    world.advance(570);
    const again = (await refresh(world, "app", first.refresh_token, { refresh_intent: intent })).json();
    expect(again.refresh_token).toBe(second.refresh_token);
    expect(world.keyring.read("access", new Sealed(again.access_token))).toMatchObject({ generation: 2, keyId: 2 });
  });

  test("tokens of the old key are accepted, and the next rotation uses the new key", async () => {
    const { world, second, rotateKey } = await familyOverKeyRotation();
    rotateKey();
    expect((await introspect(world, "rs_api", second.access_token)).json().active).toBe(true);
    const third = (await refresh(world, "app", second.refresh_token)).json();
    expect([
      world.keyring.read("refresh", new Sealed(third.refresh_token))?.keyId,
      world.keyring.read("access", new Sealed(third.access_token))?.keyId,
    ]).toEqual([2, 2]);
  });

  test("dropping the old key ends its tokens, without consuming or revoking", async () => {
    const { world, second, rotateKey, dropOldKey } = await familyOverKeyRotation();
    const { grantId: id } = world.keyring.read("refresh", new Sealed(second.refresh_token))!;
    rotateKey();
    dropOldKey();
    const before = await world.store.grants.find(id);
    expect((await introspect(world, "rs_api", second.access_token)).body).toBe('{"active":false}');
    expect((await refresh(world, "app", second.refresh_token)).json().error).toBe("invalid_grant");
    expect(await world.store.grants.find(id)).toEqual(before);
  });
});

describe("S7: a copy of the database", () => {
  test("does not help to forge tokens with another keyring, though every grant id is known", async () => {
    const world = await makeWorld();
    const forger = hmacKeyring(() => ({
      format: 1,
      keys: [{ ...keyOf(1, 0), secret: randomBytes(32).toString("base64url") }],
      pepper: secretOf(0),
    }));
    expect(world.keyring.read("access", forger.mint("access", pointer, 0))).toBeUndefined();
  });
});
