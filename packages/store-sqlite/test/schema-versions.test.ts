import { chmodSync, copyFileSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { exampleApplication, exampleGrant, exampleNow } from "@symbolon/testing";
import { DatabaseRefused, openSqliteStore } from "@symbolon/store-sqlite";
import { migrations } from "../src/schema.ts";
import { verify } from "../src/verify.ts";
import { temporaryStores } from "./temporary-stores.ts";

const { newPath, open } = temporaryStores();
const folder = join(import.meta.dirname, "schemas");

/** A copy of a database that the code of that schema version wrote, with one row of each kind. */
function copyOf(name: string): string {
  const path = newPath();
  copyFileSync(join(folder, `${name}.sqlite`), path);
  chmodSync(path, 0o600);
  return path;
}

describe("R-26: a database of an earlier schema", () => {
  const versions = migrations.map((_, index) => index + 1);

  test("of every version is in the folder, and the shape of schema 1 from before it was changed", () => {
    const names = [...versions.map((version) => `schema-${version}.sqlite`), "schema-1-application-text.sqlite"];
    expect(readdirSync(folder).toSorted()).toEqual(names.toSorted());
  });

  test.each(versions)("%i is migrated, and its rows are found, changed and verified", async (version) => {
    const store = open({ path: copyOf(`schema-${version}`), create: false });
    const { id, application } = exampleGrant();
    expect(await store.grants.find(id)).toMatchObject({ id, state: "active" });
    expect(await store.grants.list({ application, limit: 10 })).toHaveLength(1);
    expect(await store.applications.find(exampleApplication().id)).toMatchObject({ name: exampleApplication().name });
    await store.grants.change(id, (grant) => ({
      answer: "revoked",
      write: { ...grant!, state: "revoked", revokedAt: exampleNow, revokedBecause: "code_replayed" },
    }));
    expect((await store.grants.find(id))!.state).toBe("revoked");
    expect((await store.verify()).findings).toEqual([]);
  });

  test("1 from before it was changed in place is refused by name, and not a byte of it changes", () => {
    const path = copyOf("schema-1-application-text");
    const before = readFileSync(path);
    const opening = () => openSqliteStore({ path });
    expect(opening).toThrow(DatabaseRefused);
    expect(opening).toThrow(/from before the first release.*table grants: has another shape.*begin anew/s);
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  test("verify names the table whose shape is another one", async () => {
    const { findings } = await verify(copyOf("schema-1-application-text"), false);
    expect(findings).toContain("table grants: has another shape than this version expects");
  });
});
