import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AccountId, ClientId, GrantId, ResourceName } from "@symbolon/protocol";
import { memoryStore, type Store } from "@symbolon/server";
import {
  exampleAccount,
  exampleAccountId,
  exampleApplication,
  exampleGrant,
  exampleGrantId,
  exampleNow,
  exampleResourceServer,
  oddTexts,
} from "@symbolon/testing";
import { temporaryStores } from "./temporary-stores.ts";

const { open, openWithConnection } = temporaryStores();
const statements = [
  "'; DROP TABLE grants; --",
  "' OR '1'='1",
  '" OR 1=1 --',
  "x'; DELETE FROM accounts; --",
  "?1",
  ":id",
  "') UNION SELECT secrets FROM applications --",
  "%' OR name LIKE '%",
  "1); ATTACH DATABASE 'x' AS y; --",
];
const anyText = fc.oneof(
  fc.constantFrom(...statements, ...oddTexts),
  fc.string({ unit: "grapheme", maxLength: 20 }).filter((text) => text.isWellFormed()),
);

describe("ST-03: no value becomes a statement", () => {
  test("it is read back as it was written, from every column, and the schema is unchanged", async () => {
    const { store, database } = openWithConnection();
    const schema = () => JSON.stringify(database.prepare("SELECT * FROM sqlite_master ORDER BY name").all());
    const before = schema();
    for (const [n, text] of [...statements, ...oddTexts].entries()) {
      const application = exampleApplication({ id: `${text}${n}` as ClientId, name: text, redirectUris: [text] });
      const account = exampleAccount({
        id: exampleAccountId(n),
        email: `${text}${n}`,
        passwordHash: text,
        resources: [{ name: text as ResourceName, label: text }],
      });
      const resourceServer = exampleResourceServer({ id: `${text}${n}` as ClientId, name: text, resource: text });
      const grant = exampleGrant({
        id: exampleGrantId(n),
        application: text as ClientId,
        owner: text as AccountId,
        resource: text as ResourceName,
        challenge: text,
      });
      await Promise.all([
        store.applications.insert(application),
        store.accounts.insert(account),
        store.resourceServers.insert(resourceServer),
        store.grants.insert(grant),
      ]);
      expect([
        await store.applications.find(application.id),
        await store.accounts.findByEmail(account.email),
        await store.resourceServers.find(resourceServer.id),
        await store.grants.find(grant.id),
      ]).toEqual([application, account, resourceServer, grant]);
    }
    expect(schema()).toBe(before);
    expect((await store.verify()).findings).toEqual([]);
  });
});

type Owned = { application: string; owner: string };
const owned: fc.Arbitrary<Owned> = fc.record({ application: anyText, owner: anyText });

async function fill(store: Store, rows: readonly Owned[]): Promise<void> {
  for (const [n, { application, owner }] of rows.entries())
    await store.grants.insert(
      exampleGrant({ id: exampleGrantId(n), application: application as ClientId, owner: owner as AccountId }),
    );
}

describe.each<[string, () => Store]>([
  ["memory", memoryStore],
  ["sqlite", () => open()],
])("ST-04: under any ids, a look-up never returns the row of another id (%s)", (_, make) => {
  test("lists hold exactly the rows that match the filter, byte for byte", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(owned, { minLength: 1, maxLength: 12 }), anyText, async (rows, other) => {
        const store = make();
        await fill(store, rows);
        for (const asked of [...rows.map(({ application }) => application), other]) {
          const found = await store.grants.list({ application: asked as ClientId, limit: 99 });
          expect(found.map(({ id }) => id).sort()).toEqual(
            rows.flatMap((row, n) => (row.application === asked ? [exampleGrantId(n)] : [])).sort(),
          );
        }
        for (const asked of [...rows.map(({ owner }) => owner), other]) {
          const found = await store.grants.list({ owner: asked as AccountId, limit: 99 });
          expect(found.every((grant) => grant.owner === asked)).toBe(true);
          expect(found).toHaveLength(rows.filter(({ owner }) => owner === asked).length);
        }
        await store.close();
      }),
      { numRuns: 40 },
    );
  });

  test("an id that differs in one digit finds no grant", async () => {
    const store = make();
    const id = exampleGrantId(0xabc);
    await store.grants.insert(exampleGrant({ id }));
    for (let at = 0; at < id.length; at++) {
      if (id[at] === "-") continue;
      const near = `${id.slice(0, at)}${id[at] === "f" ? "0" : "f"}${id.slice(at + 1)}` as GrantId;
      expect([near, await store.grants.find(near)]).toEqual([near, undefined]);
    }
    expect((await store.grants.find(id))?.id).toBe(id);
    await store.close();
  });

  test("a client-credentials grant belongs to one application and one list of audiences", async () => {
    const store = make();
    const made: string[] = [];
    const ask = async (application: string, audiences: string[]) =>
      (
        await store.grants.findOrCreateClientCredentials(application as ClientId, audiences, () => {
          made.push(application);
          return exampleGrant({
            id: exampleGrantId(made.length),
            application: application as ClientId,
            owner: null,
            audiences,
            generation: 0,
            challenge: null,
            expiresAt: exampleNow + 9,
          });
        })
      ).application;
    for (const text of [...statements, ...oddTexts])
      for (const audiences of [[], [text]]) expect(await ask(text, audiences)).toBe(text);
    const count = made.length;
    for (const text of [...statements, ...oddTexts])
      for (const audiences of [[], [text]]) expect(await ask(text, audiences)).toBe(text);
    expect(made).toHaveLength(count);
    await store.close();
  });
});
