import { argon2Sync, randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { argon2Hasher } from "./argon2-hasher.ts";

const random = (length: number) => new Uint8Array(randomBytes(length));
const hasher = argon2Hasher(random);

describe("attacks §0.5: passwords are argon2id with OWASP's first parameters", () => {
  test("the hash says so in PHC form, with a salt of its own each time", async () => {
    const [one, other] = [await hasher.hash("correct horse battery"), await hasher.hash("correct horse battery")];
    expect(one).toMatch(/^\$argon2id\$v=19\$m=47104,t=1,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(one).not.toBe(other);
    expect(await hasher.verify(one, "correct horse battery")).toBe(true);
    expect(await hasher.verify(other, "correct horse battery")).toBe(true);
  });
  test.each(["", "correct horse batter", "correct horse battery ", "Correct horse battery", "correct horse battery\0"])("%j is another password", async (text) =>
    expect(await hasher.verify(await hasher.hash("correct horse battery"), text)).toBe(false));
  test("one password in two Unicode spellings is one password", async () => expect(await hasher.verify(await hasher.hash("caf\u00e9 au lait"), "cafe\u0301 au lait")).toBe(true));
  test("a hash made with other parameters is checked with those", async () => {
    const salt = Buffer.from("somesalt");
    const tag = argon2Sync("argon2id", { message: "password", nonce: salt, memory: 64, passes: 2, parallelism: 1, tagLength: 32 });
    const unpadded = (bytes: Buffer) => bytes.toString("base64").replaceAll("=", "");
    const stored = `$argon2id$v=19$m=64,t=2,p=1$${unpadded(salt)}$${unpadded(tag)}`;
    expect(await hasher.verify(stored, "password")).toBe(true);
    expect(await hasher.verify(stored.replace("t=2", "t=3"), "password")).toBe(false);
  });
  test.each(["", "plain", "$argon2i$v=19$m=47104,t=1,p=1$c29tZXNhbHQ$x", "$2b$10$abcdefghijklmnopqrstuv"])("a row that holds %j is a broken store, not a wrong password", async (stored) =>
    await expect(hasher.verify(stored, "x")).rejects.toThrow("argon2id"));
});

describe("WB-12: an account that does not exist costs one hash as well", () => {
  test("and fits nothing", async () => {
    expect(await hasher.verify(undefined, "")).toBe(false);
    expect(await hasher.verify(undefined, "correct horse battery")).toBe(false);
  });
});

describe("OP-05: a bounded queue", () => {
  test("one inside, two waiting, the fourth hears busy at once; afterwards there is room again", async () => {
    const narrow = argon2Hasher(random, { atOnce: 1, waiting: 2 });
    const order: string[] = [];
    const check = async (name: string) => order.push(`${name} ${await narrow.verify(undefined, "x")}`);
    await Promise.all(["first", "second", "third", "fourth", "fifth"].map(check));
    expect(order).toEqual(["fourth busy", "fifth busy", "first false", "second false", "third false"]);
    expect(await narrow.verify(undefined, "x")).toBe(false);
  });
  test("a check that fails leaves its place", async () => {
    const narrow = argon2Hasher(random, { atOnce: 1, waiting: 0 });
    await expect(narrow.verify("broken", "x")).rejects.toThrow("argon2id");
    expect(await narrow.verify(undefined, "x")).toBe(false);
  });
});
