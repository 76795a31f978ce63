import { describe, expect, test } from "vitest";
import { Sealed } from "@symbolon/protocol";
import { wrongType } from "../../test/wrong-type.ts";
import { KeeperError } from "./errors.ts";
import type { FreshTokens } from "./provider.ts";
import { errorOf } from "./testing/errors.ts";
import { fakeProvider } from "./testing/fake-provider.ts";
import { hour, lazy, strict } from "./testing/given.ts";
import { plainVault } from "./testing/plain-vault.ts";
import { adopted, createStage } from "./testing/stage.ts";

function accessOnly(given: FreshTokens): FreshTokens {
  const { refreshToken: _, ...tokens } = given;
  return tokens;
}

describe("refresh-tokens.md B4: the record of an adopted grant", () => {
  test("has a fencing token of its own, under which its pair was bought", async () => {
    const { provider, keeper, record } = await adopted(lazy);
    expect(record()).toMatchObject({ version: 1, fence: 1, boughtUnder: 1 });
    await keeper.adopt("1", provider.consent());
    expect(record()).toMatchObject({ version: 2, fence: 2, boughtUnder: 2 });
  });

  test("has the clock offset of the answer that brought the tokens (B9)", async () => {
    const { provider, keeper, record } = await adopted(lazy);
    await keeper.adopt("1", { ...provider.consent(), clockOffsetMs: 7000 });
    expect(record().issuedAt.offsetMs).toBe(7000);
  });

  test("says nothing of a subject where none is given", async () => {
    const { record } = await adopted(lazy);
    expect("subject" in record() || "subjectSeen" in record()).toBe(false);
  });
});

describe("refresh-tokens.md B3.5: tokens without a refresh token", () => {
  test("are a grant that lives as long as its access token", async () => {
    const { world, provider, process, record } = createStage(lazy);
    const { keeper } = process();
    await keeper.adopt("1", accessOnly(provider.consent()));
    expect(record().accessOnly).toBe(true);
    await world.pass(hour - 1);
    expect((await world.run(keeper.token("1"))).version).toBe(1);
    await world.pass(1);
    expect(await world.run(errorOf(keeper.token("1")))).toMatchObject({ code: "ended", retryAfterMs: 0 });
    expect(provider.posts).toEqual([]);
  });

  test("keep the refresh token that the grant had", async () => {
    const { world, provider, keeper, record } = await adopted(strict);
    await keeper.adopt("1", accessOnly(provider.consent()));
    expect(record().accessOnly).toBeUndefined();
    await world.pass(hour);
    await world.run(keeper.token("1"));
    expect(provider.posts.map(({ refreshToken }) => refreshToken)).toEqual(["rt-1"]);
  });

  test.each<[string, { subject?: string; clientId?: string; issuer?: string }]>([
    ["subject", { subject: "bert", clientId: "app", issuer: "https://provider.example" }],
    ["client", { subject: "anna", clientId: "other", issuer: "https://provider.example" }],
    ["issuer", { subject: "anna", clientId: "app", issuer: "https://other.example" }],
  ])("do not get the refresh token of another %s", async (_, options) => {
    const { world, provider, process, record } = createStage(strict);
    const { keeper } = process({
      providers: [
        provider,
        fakeProvider(world, strict, { clientId: "other" }),
        fakeProvider(world, strict, { issuer: "https://other.example" }),
      ],
    });
    const former = { subject: "anna", clientId: "app", issuer: "https://provider.example" };
    await keeper.adopt("1", provider.consent(), former);
    await keeper.adopt("1", accessOnly(provider.consent()), options);
    expect(record()).toMatchObject({ version: 2, accessOnly: true });
  });

  test("are not adopted where the pair before cannot be opened for want of its key", async () => {
    const { provider, process, record } = createStage(strict);
    await process().keeper.adopt("1", provider.consent());
    const withoutKey = process({
      keys: { ...plainVault, open: () => Promise.reject(new KeeperError("unreadable", { message: "no key" })) },
    }).keeper;
    expect(await errorOf(withoutKey.adopt("1", accessOnly(provider.consent())))).toMatchObject({ code: "unreadable" });
    expect(record().version).toBe(1);
    await withoutKey.adopt("1", provider.consent());
    expect(record().version).toBe(2);
  });
});

describe("keeper.adopt takes lifetime and scopes as a client returns them", () => {
  const { accessToken, refreshToken } = { accessToken: new Sealed("at"), refreshToken: new Sealed("rt") };

  test("the scopes without a time of expiry", async () => {
    const { keeper } = await adopted(lazy);
    await keeper.adopt("1", { accessToken, refreshToken, scopes: ["hours"] });
    expect(await keeper.status("1")).toMatchObject({ scope: ["hours"], expiresInSeconds: undefined });
  });

  test("the time of expiry without scopes, in whole seconds", async () => {
    const { world, keeper, record } = await adopted(lazy);
    await keeper.adopt("1", { accessToken, refreshToken, expiresAt: new Date(world.epochMs() + 1999) });
    expect(record().lifetimeSeconds).toBe(1);
    expect((await keeper.status("1")).scope).toBeUndefined();
  });

  test("rejects a lifetime of 0, and takes one of a second", async () => {
    const { keeper } = await adopted(lazy);
    expect(await errorOf(keeper.adopt("1", { accessToken, refreshToken, lifetimeSeconds: 0 }))).toMatchObject({
      code: "invalid_input",
      field: "tokens.lifetimeSeconds",
    });
    await keeper.adopt("1", { accessToken, refreshToken, lifetimeSeconds: 1 });
  });
});

describe("keeper.adopt finds the provider of a grant", () => {
  const two = () => {
    const stage = createStage(lazy);
    const other = fakeProvider(stage.world, lazy, { clientId: "other" });
    const third = fakeProvider(stage.world, lazy, { issuer: "https://third.example" });
    return {
      ...stage,
      ...stage.process({ providers: [stage.provider, other, third] }),
      tokens: stage.provider.consent(),
    };
  };

  test("by client id, among several clients of one issuer", async () => {
    const { keeper, record, tokens } = two();
    await keeper.adopt("1", tokens, { issuer: "https://provider.example", clientId: "other" });
    expect(record()).toMatchObject({ issuer: "https://provider.example", clientId: "other" });
  });

  test("by issuer", async () => {
    const { keeper, record, tokens } = two();
    await keeper.adopt("1", tokens, { issuer: "https://third.example" });
    expect(record()).toMatchObject({ issuer: "https://third.example", clientId: "app" });
  });

  test("without being told, where there is one", async () => {
    const { record } = await adopted(lazy);
    expect(record().issuer).toBe("https://provider.example");
  });

  test.each([
    [{}, "invalid_input"],
    [{ clientId: "app" }, "invalid_input"],
    [{ issuer: "https://provider.example" }, "invalid_input"],
    [{ clientId: "unknown" }, "no_provider"],
    [{ issuer: "https://third.example", clientId: "other" }, "no_provider"],
  ])("rejects %j with %s", async (options, code) => {
    const { keeper, tokens } = two();
    expect(await errorOf(keeper.adopt("1", tokens, options))).toMatchObject({
      code,
      field: "issuer",
      message: expect.stringContaining(code === "no_provider" ? "a provider of this keeper" : "one of several"),
    });
  });
});

describe("refresh-tokens.md B3.9: a new consent and the subject's older grant", () => {
  const anna = { subject: "anna" };

  test("a new consent under the same id does not end its own grant", async () => {
    const { provider, keeper, record } = await adopted(lazy);
    for (let times = 0; times < 2; times++) await keeper.adopt("1", provider.consent(), anna);
    expect(record().state).toBe("active");
  });

  test("a grant that has ended is left as it is", async () => {
    const { world, provider, keeper, record, events } = await adopted(lazy);
    await keeper.adopt("1", provider.consent(), anna);
    await world.run(keeper.revoke("1"));
    const before = record();
    await keeper.adopt("2", provider.consent(), anna);
    expect(record()).toEqual(before);
    expect(events.at(-1)).toMatchObject({ type: "adopted", id: "2" });
  });

  test("a lease on the replaced grant is lost: its fencing token grows", async () => {
    const { provider, keeper, record } = await adopted(lazy);
    await keeper.adopt("1", provider.consent(), anna);
    const { fence } = record();
    await keeper.adopt("2", provider.consent(), anna);
    expect(record()).toMatchObject({ state: "dead", cause: "replaced", fence: fence + 1 });
  });

  test("a record that cannot be read is left for repair", async () => {
    const { provider, keeper, place, record } = await adopted(lazy);
    await keeper.adopt("1", provider.consent(), anna);
    place.entries.set("g.1", { revision: ++place.revision, value: "<html>" });
    await keeper.adopt("2", provider.consent(), anna);
    expect(place.entries.get("g.1")!.value).toBe("<html>");
    expect(record("2").state).toBe("active");
  });

  test("of two consents at once the later one replaces the other", async () => {
    const { provider, process, place, record } = createStage(lazy);
    const [one, other] = [process(), process()];
    const { write } = one.store;
    one.store.write = async (key, expected, value) => {
      one.store.write = write;
      const written = await write(key, expected, value);
      await other.keeper.adopt("2", provider.consent(), anna);
      return written;
    };
    await one.keeper.adopt("1", provider.consent(), anna);
    expect([record("1").state, record("2").state]).toEqual(["active", "dead"]);

    const { read } = one.store;
    one.store.read = async (key) => {
      const found = await read(key);
      if (key.startsWith("s.") && place.entries.has("g.3")) {
        one.store.read = read;
        await other.keeper.adopt("4", provider.consent(), anna);
      }
      return found;
    };
    await one.keeper.adopt("3", provider.consent(), anna);
    expect(["1", "3", "4"].map((id) => record(id).state)).toEqual(["dead", "active", "dead"]);
  });
});

test("names what is wrong with an id", async () => {
  const { provider, keeper } = await adopted(lazy);
  for (const id of ["", "x".repeat(200), wrongType<string>(5)])
    expect(await errorOf(keeper.adopt(id, provider.consent()))).toMatchObject({ code: "invalid_input", field: "id" });
});
