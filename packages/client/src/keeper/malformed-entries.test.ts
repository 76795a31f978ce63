import { describe, expect, test } from "vitest";
import { KeeperError } from "./errors.ts";
import type { Keeper } from "./keeper.ts";
import type { GrantRecord } from "./record.ts";
import { createStage } from "./testing/stage.ts";

/** What a store may give back for any part: each kind of JSON, and nothing. */
const junk: unknown[] = [undefined, null, true, -1, 1e15, 1e300, "", "junk", [], [null], {}, { atMs: null }];

type Path = readonly (string | number)[];

/** Every part of a value, inner ones too. */
const pathsOf = (value: unknown, path: Path = []): Path[] =>
  typeof value === "object" && value !== null
    ? [path, ...Object.entries(value).flatMap(([part, inner]) => pathsOf(inner, [...path, part]))]
    : [path];

function replaced(value: unknown, [part, ...rest]: Path, by: unknown): unknown {
  if (part === undefined) return by;
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }) as Record<string, unknown>;
  copy[part] = replaced(copy[part], rest, by);
  return copy;
}

/** A record with every part that there may be. */
const whole: Partial<GrantRecord> = {
  lease: { owner: "other", beat: 1, ms: 20_000 },
  intent: { startedAtMs: 1 },
  intentKey: "key",
  streak: 1,
  nextAttempt: { atMs: 1, waitMs: 1 },
  suspicion: { sinceMs: 1, dated: true, refusals: 1 },
  evidence: [{ atMs: 1, version: 1, code: "invalid_grant", status: 400, description: "no" }],
  subjectSeen: 1,
  forced: true,
};

const verbs: Record<string, (keeper: Keeper) => Promise<unknown>> = {
  token: (keeper) => keeper.token("1"),
  status: (keeper) => keeper.status("1"),
  explain: (keeper) => keeper.explain("1"),
  list: async (keeper) => {
    for await (const status of keeper.list()) keeper.explain(status.id).catch(() => undefined);
  },
  recover: (keeper) => keeper.recover(),
  sweep: (keeper) => keeper.sweep(),
  revoke: (keeper) => keeper.revoke("1"),
};

/**
 * A grant, and each kind of entry that a keeper writes: of the grant, its subject, its client, and in the outbox an
 * answer that the record did not take.
 */
async function stageWith(edit: Partial<GrantRecord> = whole) {
  const stage = createStage({ kind: "grace", windowSeconds: 600 });
  const { keeper, store } = stage.process();
  await keeper.adopt("1", stage.provider.consent(), { subject: "anna" });
  await stage.world.pass(3_600_000);
  store.failing = (operation, key) =>
    operation === "write" && key === "g.1" && stage.provider.posts.length > 0 && "before";
  await stage.world.run(keeper.token("1"));
  stage.edit((record) => ({ ...record, ...edit }));
  return stage;
}

/** The entry under `key` in every misshapen form, one after the other, each in a store of its own. */
async function* damagesOf(key: string) {
  const sound = JSON.parse((await stageWith()).place.entries.get(key)!.value) as unknown;
  for (const path of pathsOf(sound)) {
    for (const by of junk) {
      const stage = await stageWith();
      stage.place.entries.set(key, {
        revision: ++stage.place.revision,
        value: JSON.stringify(replaced(sound, path, by)) ?? "",
      });
      yield { ...stage, ...stage.process(), what: `${key} ${path.join(".")} is ${JSON.stringify(by)}` };
    }
  }
}

const keys = [...(await stageWith()).place.entries.keys()].sort();
const errorOf = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

test("covers every kind of entry that a store holds", () =>
  expect(keys.map((key) => key[0])).toEqual(["c", "g", "s", "v"]));

describe.each(keys)("any part of %s has the wrong type", (key) => {
  test.each(Object.entries(verbs))(
    "%s gives a result or a KeeperError, and a new consent is served",
    async (_, verb) => {
      for await (const { world, keeper, provider, what } of damagesOf(key)) {
        const error = await world.run(errorOf(verb(keeper)));
        if (error !== undefined) expect(error, what).toBeInstanceOf(KeeperError);
        await world.run(keeper.adopt("1", provider.consent(), { subject: "anna" }));
        expect(provider.accepts((await world.run(keeper.token("1"))).accessToken), what).toBe(true);
      }
    },
  );
});

test("names the wrong part of a record", async () => {
  const { edit, process } = await stageWith();
  edit((record) => ({ ...record, evidence: [{ ...record.evidence[0]!, atMs: "yesterday" as unknown as number }] }));
  expect(await errorOf(process().keeper.token("1"))).toMatchObject({
    code: "unreadable",
    id: "1",
    field: "evidence.0.atMs",
  });
});

test("delivers the outbox entries after a damaged one", async () => {
  const { place, world, provider, process } = await stageWith({ lease: undefined, intent: undefined });
  place.entries.set("v.0", { revision: ++place.revision, value: "{}" });
  const { keeper } = process();
  expect((await world.run(keeper.recover())).failed).toMatchObject({ outbox: { code: "unreadable" } });
  expect([...place.entries.keys()].filter((key) => key.startsWith("v."))).toEqual(["v.0"]);
  expect(provider.accepts((await keeper.token("1")).accessToken)).toBe(true);
});
