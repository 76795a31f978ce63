import { describe, expect, test } from "vitest";
import { checkConstantTime } from "./constant-time.ts";
import { houseFile } from "./tree.ts";

const lines = (path: string, text: string): number[] =>
  checkConstantTime(houseFile(path, text)).map(({ line }) => line);

describe("OP-06: secrets and their digests are compared by timingSafeEqual only", () => {
  test.each([
    ["===", `if (digest === slot.digest) go();`],
    ["!==", `if (given !== secretDigest(keyring, id)) go();`],
    ["==", `if (secret == other) go();`],
    ["equals of a Buffer", `if (digest.equals(slot.digest)) go();`],
    ["equals with a digest as argument", `if (Buffer.from(given).equals(known.mac)) go();`],
    ["Buffer.compare", `if (Buffer.compare(given, slot.digest) === 0) go();`],
    ["localeCompare", `if (given.localeCompare(client.secret) === 0) go();`],
    ["a private field", `class A { #mac = ""; is(given: string) { return given === this.#mac; } }`],
    ["an optional chain", `if (given === slot?.digest) go();`],
  ])("reports %s", (_, text) => expect(lines("packages/server/src/a.ts", `\n${text}`)).toEqual([2]));

  test.each([
    ["timingSafeEqual", "packages/server/src/a.ts", `if (timingSafeEqual(digest, slot.digest)) go();`],
    ["whether there is one", "packages/server/src/a.ts", `if (secret === undefined || digest === null) go();`],
    ["an empty one", "packages/server/src/a.ts", `if (secret === "") go();`],
    ["a kind of its own", "packages/server/src/a.ts", `if (typeof secret === "string") go();`],
    ["lengths", "packages/server/src/a.ts", `if (digest.length === macLength) go();`],
    ["tests", "packages/server/src/a.test.ts", `if (digest === other) go();`],
    ["packages without secrets of ours", "packages/protocol/src/a.ts", `if (secret !== basic.secret) go();`],
    ["scripts", "scripts/a.ts", `if (digest === other) go();`],
  ])("accepts %s", (_, path, text) => expect(lines(path, text)).toEqual([]));
});
