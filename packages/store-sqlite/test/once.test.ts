import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { exampleDigest, exampleNow } from "@symbolon/testing";
import { temporaryStores } from "./temporary-stores.ts";

const { newPath, open } = temporaryStores();
const now = exampleNow;

describe("records that are used once, in the file", () => {
  test("a restored database forgets them, because they may have been used since the backup (ST-07)", async () => {
    const store = open({ path: newPath() });
    await store.once.put({ id: exampleDigest(1), value: Uint8Array.of(1), until: now + 600 }, now);
    await store.mark.beginAfterRestore(0, now);
    expect(await store.once.find(exampleDigest(1), now)).toBeUndefined();
  });

  test("a record that was taken leaves nothing in the file (ST-08)", async () => {
    const path = newPath();
    const store = open({ path });
    const value = new Uint8Array(Buffer.from("ada.lovelace@good.example ".repeat(200)));
    await store.once.put({ id: exampleDigest(1), value, until: now + 600 }, now);
    await store.truncateLog();
    expect(readFileSync(path, "latin1")).toContain("ada.lovelace");
    await store.once.take(exampleDigest(1), now);
    await store.truncateLog();
    expect(readFileSync(path, "latin1")).not.toContain("ada.lovelace");
  });
});
