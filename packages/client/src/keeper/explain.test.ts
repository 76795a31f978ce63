import { describe, expect, test } from "vitest";
import { explain } from "./explain.ts";
import type { GrantStatus } from "./status.ts";
import { errorOf } from "./testing/errors.ts";
import { hour, lazy, refusal, strict } from "./testing/given.ts";
import { adopted, failAfterPost } from "./testing/stage.ts";

const status = (changes: Partial<GrantStatus> = {}): GrantStatus => ({
  id: "1",
  issuer: "https://provider.example",
  clientId: "app",
  state: "active",
  version: 2,
  leased: false,
  answerMissing: false,
  retryAfterMs: 0,
  failures: 0,
  refusals: 0,
  volatile: false,
  evidence: [],
  ...changes,
});

const reconnectUrl = "https://app.example/connect";
const reconnect = `To connect again: ${reconnectUrl}`;

describe("keeper.explain says in sentences", () => {
  test.each<[string, Partial<GrantStatus>, string[]]>([
    ["that a grant is well", {}, ["Grant 1 is well. Version 2."]],
    [
      "how long the access token lives",
      { expiresInSeconds: 0 },
      ["Grant 1 is well. Version 2.", "The access token has 0 s to live."],
    ],
    [
      "that a process refreshes it, or has died",
      { state: "refreshing" },
      ["Grant 1 is being refreshed, or was when a process died. Version 2."],
    ],
    [
      "that an answer is lost",
      { state: "ambiguous", reconnectUrl },
      ["Grant 1 was possibly refreshed; the lost answer is requested again when that is safe. Version 2."],
    ],
    [
      "that the provider has not confirmed a revocation",
      { state: "revoking", reconnectUrl },
      ["Grant 1 is ended here; the provider has not confirmed yet. Version 2."],
    ],
    [
      "where the user can connect again, for a suspect grant",
      { state: "suspect", reconnectUrl },
      ["Grant 1 is refused by the provider, which is not confirmed yet. Version 2.", reconnect],
    ],
    [
      "why a grant has ended, and not how long its token would live",
      { state: "dead", ended: "replaced", expiresInSeconds: 60, reconnectUrl },
      ["Grant 1 is dead (replaced). Version 2.", reconnect],
    ],
    ["nothing of connecting again without a page", { state: "dead" }, ["Grant 1 is dead. Version 2."]],
    ["nothing of connecting again for a grant that is well", { reconnectUrl }, ["Grant 1 is well. Version 2."]],
    [
      "that a newer pair is not stored",
      { volatile: true },
      ["Grant 1 is well. Version 2.", "A newer pair is in memory only."],
    ],
    [
      "when the next attempt is, in whole seconds",
      { retryAfterMs: 1001, refusals: 2, failures: 3 },
      ["Grant 1 is well. Version 2.", "The next attempt is in 2 s: 2 refusals, 3 without an answer."],
    ],
    [
      "what the provider said, and when",
      {
        evidence: [
          { atMs: 0, version: 1, code: "invalid_grant", status: 400, description: "expired" },
          { atMs: 1, version: 2, code: "connection" },
        ],
      },
      [
        "Grant 1 is well. Version 2.",
        "1970-01-01T00:00:00.000Z version 1: 400 invalid_grant expired",
        "1970-01-01T00:00:00.001Z version 2: connection",
      ],
    ],
  ])("%s", (_, changes, expected) => expect(explain(status(changes)).split("\n")).toEqual(expected));
});

describe("refresh-tokens.md B4: keeper.status", () => {
  test("of a grant that is well", async () => {
    const { world, keeper, provider } = await adopted(lazy);
    await keeper.adopt("1", provider.consent(), { subject: "anna" });
    await world.pass(1500);
    expect(await keeper.status("1")).toEqual({
      id: "1",
      issuer: "https://provider.example",
      clientId: "app",
      subject: "anna",
      state: "active",
      version: 2,
      scope: ["read", "write"],
      expiresInSeconds: 3598,
      leased: false,
      answerMissing: false,
      retryAfterMs: 0,
      failures: 0,
      refusals: 0,
      volatile: false,
      ended: undefined,
      evidence: [],
      reconnectUrl,
    });
  });

  test("of a grant during a refresh", async () => {
    const { world, keeper, provider } = await adopted(lazy);
    await world.pass(hour);
    provider.faults.push({ afterMs: 1000 });
    const refreshing = keeper.token("1");
    await world.pass(500);
    expect(await keeper.status("1")).toMatchObject({ state: "refreshing", leased: true, answerMissing: true });
    await world.run(refreshing);
  });

  test("of a suspect grant, and after its end", async () => {
    const { world, keeper, provider, record } = await adopted(lazy);
    await world.pass(hour);
    provider.faults.push(refusal, { ...refusal, final: true } as never);
    await world.run(errorOf(keeper.token("1")));
    expect(await keeper.status("1")).toMatchObject({
      state: "suspect",
      refusals: 1,
      failures: 0,
      retryAfterMs: Math.ceil(record().nextAttempt!.waitMs),
      expiresInSeconds: 0,
    });
    await world.pass(hour);
    await world.run(errorOf(keeper.token("1")));
    expect(await keeper.status("1")).toMatchObject({ state: "dead", ended: "refused", reconnectUrl });
    expect((await keeper.status("1")).evidence).toHaveLength(2);
    expect(await keeper.explain("1")).toMatch(/^Grant 1 is dead \(refused\)\. Version 1\.\n/);
  });

  test("of a grant whose newer pair is not stored", async () => {
    const { world, keeper, provider, store } = await adopted(strict);
    await world.pass(hour);
    failAfterPost({ provider, store });
    await world.run(keeper.token("1"));
    expect(await keeper.status("1")).toMatchObject({ version: 1, volatile: true });
  });

  test("of a grant whose provider this keeper does not have", async () => {
    const { process } = await adopted(lazy);
    const { keeper } = process({ provider: { clientId: "other" } });
    expect(await keeper.status("1")).toMatchObject({ clientId: "app", reconnectUrl: undefined });
  });
});
