import { describe, expect, test } from "vitest";
import { Sealed } from "@symbolon/protocol";
import { createKeeper, type KeeperOptions } from "./keeper.ts";
import { memoryPlace, memoryStore, type MemoryPlace } from "./memory-store.ts";
import { errorOf } from "./testing/errors.ts";
import { fakeProvider } from "./testing/fake-provider.ts";
import { failingStore } from "./testing/stage.ts";
import { virtualWorld } from "./testing/virtual-world.ts";
import { openVault, wrappingKey, type Keys, type WrappingKey } from "./vault.ts";

const bytes = (fill: number): Uint8Array => new Uint8Array(32).fill(fill);
const first = wrappingKey("2026", bytes(1));
const second = wrappingKey("2027", bytes(2));

function open(place: MemoryPlace, keys: Keys, set: Partial<KeeperOptions> = {}) {
  const world = virtualWorld();
  const provider = fakeProvider(world, { kind: "lazy" });
  return {
    world,
    provider,
    keeper: createKeeper({ providers: provider, store: memoryStore(place), keys, world, ...set }),
  };
}
const textOf = (place: MemoryPlace): string => JSON.stringify([...place.entries]);
const editor =
  (place: MemoryPlace, key: string) =>
  (change: (value: string) => string): void =>
    void place.entries.set(key, { revision: ++place.revision, value: change(place.entries.get(key)!.value) });

describe("refresh-tokens.md B4: what is sealed", () => {
  test("ST-01: no stored value contains a token, in any encoding", async () => {
    const place = memoryPlace();
    const { keeper, provider, world } = open(place, { current: first });
    await keeper.adopt("1", provider.consent(), { subject: "anna" });
    await world.pass(3_600_000);
    await keeper.token("1");
    for (const secret of ["at-1", "rt-1", "at-2", "rt-2"]) {
      expect(textOf(place)).not.toContain(secret);
      expect(textOf(place)).not.toContain(btoa(secret).replace(/=+$/, ""));
    }
    expect(textOf(place)).not.toContain("anna|");
  });

  test("seals the same pair to two texts: each has its own nonce", async () => {
    const vault = openVault(memoryStore(), { current: first }, (length) =>
      crypto.getRandomValues(new Uint8Array(length)),
    );
    const sealed = await Promise.all(Array.from({ length: 50 }, () => vault.seal("text", "bound")));
    expect(new Set(sealed).size).toBe(50);
    for (const text of sealed) expect(await vault.open(text, "bound")).toBe("text");
  });

  test.each([
    ["issuer", "https://other.example"],
    ["clientId", "other"],
    ["subject", "bert"],
    ["version", 3],
  ])("ST-10: a pair is bound to its %s", async (member, value) => {
    const place = memoryPlace();
    const { keeper, provider, world } = open(place, { current: first });
    const other = fakeProvider(world, { kind: "lazy" }, { issuer: "https://other.example" });
    const reader = createKeeper({
      providers: [provider, other, { ...provider, clientId: "other" }],
      store: memoryStore(place),
      keys: { current: first },
      world,
    });
    await keeper.adopt("1", provider.consent(), { subject: "anna" });
    expect((await reader.token("1")).version).toBe(1);
    editor(place, "g.1")((text) => JSON.stringify({ ...(JSON.parse(text) as object), [member]: value }));
    expect(await errorOf(reader.token("1"))).toMatchObject({ code: "unreadable" });
  });

  test("ST-10: rejects records that were swapped", async () => {
    const place = memoryPlace();
    const { keeper, provider } = open(place, { current: first });
    await keeper.adopt("1", provider.consent());
    await keeper.adopt("2", provider.consent());
    const [one, two] = [place.entries.get("g.1")!.value, place.entries.get("g.2")!.value];
    editor(place, "g.1")(() => two);
    expect(await errorOf(keeper.token("1"))).toMatchObject({ code: "unreadable" });
    const pairOf = (text: string): string => (JSON.parse(text) as { current: string }).current;
    editor(place, "g.1")(() => one.replace(pairOf(one), pairOf(two)));
    expect(await errorOf(keeper.token("1"))).toMatchObject({ code: "unreadable" });
  });

  test("detects every flipped character of a sealed pair", async () => {
    const vault = openVault(memoryStore(), { current: first }, (length) =>
      crypto.getRandomValues(new Uint8Array(length)),
    );
    const sealed = await vault.seal("text", "bound");
    for (let at = 2; at < sealed.length; at++) {
      const flipped = `${sealed.slice(0, at)}${sealed[at] === "A" ? "B" : "A"}${sealed.slice(at + 1)}`;
      expect(await errorOf(vault.open(flipped, "bound"))).toMatchObject({ code: "unreadable" });
    }
  });
});

describe("C-11: a corrupted store, another key or another version gives a typed error and changes nothing", () => {
  test.each<[string, (text: string) => string]>([
    ["cut short", (text) => text.slice(0, 40)],
    ["empty", () => ""],
    ["not JSON", () => "<html>"],
    ["null", () => "null"],
    ["another shape", () => `{"format":1,"id":"1"}`],
    ["a newer format", (text) => text.replace('"format":1', '"format":2')],
    ["a damaged seal", (text) => text.replace(/"current":"1\.[^"]{8}/, '"current":"1.AAAAAAAA')],
    ["an unknown data key", (text) => text.replace('"current":"1.', '"current":"9.')],
  ])("%s", async (_, damage) => {
    const place = memoryPlace();
    const { keeper, provider, world } = open(place, { current: first });
    await keeper.adopt("1", provider.consent());
    await keeper.adopt("2", provider.consent());
    editor(place, "g.1")(damage);
    const damaged = place.entries.get("g.1");
    const reader = open(place, { current: first });
    expect(await errorOf(reader.keeper.token("1"))).toMatchObject({ code: "unreadable", name: "KeeperError" });
    expect(await reader.keeper.tryToken("1")).toMatchObject({ ok: false });
    await reader.keeper.recover();
    await reader.keeper.sweep();
    expect(place.entries.get("g.1")).toBe(damaged);
    expect((await reader.keeper.token("2")).version).toBe(1);
    expect(provider.posts).toEqual([]);
    await keeper.adopt("1", provider.consent()).catch(() => undefined);
    expect(world.monotonicMs()).toBe(0);
  });

  test("names a missing wrapping key, and tells it from one with the same id and other bytes", async () => {
    const place = memoryPlace();
    const { keeper, provider } = open(place, { current: first });
    await keeper.adopt("1", provider.consent());
    const missing = await errorOf(open(place, { current: second }).keeper.token("1"));
    expect(missing.message).toContain("wrapped by 2026, which keys does not hold");
    const other = await errorOf(open(place, { current: wrappingKey("2026", bytes(9)) }).keeper.token("1"));
    expect(other.message).toContain("2026 is another key now");
    expect((await open(place, { current: first }).keeper.token("1")).version).toBe(1);
  });

  test("the tokens of a new consent replace a record that cannot be read", async () => {
    const place = memoryPlace();
    const { keeper, provider } = open(place, { current: first });
    await keeper.adopt("1", provider.consent());
    editor(place, "g.1")(() => "<html>");
    await keeper.adopt("1", provider.consent());
    expect((await keeper.token("1")).accessToken.reveal()).toBe("at-2");
  });
});

describe("C-12: the wrapping key is changed", () => {
  test("needs both keys until rekey() is done, and then only the new one", async () => {
    const place = memoryPlace();
    const before = open(place, { current: first });
    await before.keeper.adopt("1", before.provider.consent());
    const both = open(place, { current: second, others: [first] });
    expect((await both.keeper.token("1")).version).toBe(1);
    await both.keeper.rekey();
    await both.keeper.adopt("2", both.provider.consent());
    expect((await before.keeper.token("1")).version).toBe(1);
    const after = open(place, { current: second });
    expect((await after.keeper.token("1")).version).toBe(1);
    expect((await after.keeper.token("2")).version).toBe(1);
    expect(await errorOf(open(place, { current: first }).keeper.token("1"))).toMatchObject({ code: "unreadable" });
  });

  test("can be interrupted at any step: both keys read everything, and rekey() continues", async () => {
    for (let step = 0; ; step++) {
      const place = memoryPlace();
      const begun = open(place, { current: first });
      await begun.keeper.adopt("1", begun.provider.consent());
      await begun.keeper.rekey();
      await begun.keeper.adopt("2", begun.provider.consent());
      const failing = failingStore(memoryStore(place));
      let calls = 0;
      failing.failing = () => (calls++ === step ? "before" : false);
      const both = { current: second, others: [first] };
      const isDone = await open(place, both, { store: failing })
        .keeper.rekey()
        .then(
          () => true,
          () => false,
        );
      const reader = open(place, both).keeper;
      expect((await reader.token("1")).version).toBe(1);
      expect((await reader.token("2")).version).toBe(1);
      await reader.rekey();
      expect((await open(place, { current: second }).keeper.token("1")).version).toBe(1);
      if (isDone) break;
    }
  });

  test("asks a KMS to wrap and unwrap, and never needs its key", async () => {
    const asked: string[] = [];
    const kms: WrappingKey = {
      id: "kms",
      wrap: (key) => (asked.push("wrap"), first.wrap(key)),
      unwrap: (wrapped) => (asked.push("unwrap"), first.unwrap(wrapped)),
    };
    const place = memoryPlace();
    const { keeper, provider } = open(place, { current: kms });
    for (const id of ["1", "2", "3"]) await keeper.adopt(id, provider.consent());
    await Promise.all(["1", "2", "3"].map((id) => keeper.token(id)));
    expect(asked).toEqual(["wrap", "unwrap"]);
  });

  test("detects a KMS that unwraps to other bytes by the check beside the data key", async () => {
    const place = memoryPlace();
    const { keeper, provider } = open(place, { current: first });
    await keeper.adopt("1", provider.consent());
    const wrong: WrappingKey = { id: "2026", wrap: first.wrap, unwrap: async () => bytes(7) };
    expect((await errorOf(open(place, { current: wrong }).keeper.token("1"))).message).toContain(
      "2026 is another key now",
    );
  });

  test("two processes that open an empty store at once agree on one data key", async () => {
    const place = memoryPlace();
    const [one, two] = [open(place, { current: first }), open(place, { current: first })];
    await Promise.all([one.keeper.adopt("1", one.provider.consent()), two.keeper.adopt("2", two.provider.consent())]);
    expect([...place.entries.keys()].filter((key) => key.startsWith("k."))).toEqual(["k.1"]);
    expect((await one.keeper.token("2")).version).toBe(1);
    expect((await two.keeper.token("1")).version).toBe(1);
  });

  test.each([
    ["", bytes(1)],
    ["id", new Uint8Array(16)],
  ])("a wrapping key needs an id and 32 bytes: %j", (id, secret) => {
    expect(() => wrappingKey(id, secret)).toThrow(expect.objectContaining({ code: "invalid_input", field: "keys" }));
  });
});

describe("MX-09: a secret leaves the keeper only through reveal()", () => {
  test("prints no secret in tokens, errors, events, status and explanation", async () => {
    const events: unknown[] = [];
    const { keeper, provider, world } = open(
      memoryPlace(),
      { current: first },
      { onEvent: (event) => events.push(event) },
    );
    await keeper.adopt("1", {
      ...provider.consent(),
      accessToken: new Sealed("secret-access"),
      refreshToken: new Sealed("secret-refresh"),
    });
    await world.pass(3_600_000);
    provider.faults.push({
      kind: "refused",
      about: "grant",
      code: "invalid_grant",
      status: 400,
      final: true,
      description: "secret-refresh is unknown",
    });
    const error = await errorOf(keeper.token("1"));
    const printed = JSON.stringify([
      error,
      error.stack,
      events,
      await keeper.status("1"),
      await keeper.explain("1"),
      keeper,
    ]);
    expect(printed).not.toContain("secret-");
  });
});
