import { argon2Sync, randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { Sealed, type AccountId, type Password } from "@symbolon/protocol";
import { hmacKeyring } from "../keyring/hmac-keyring.ts";
import { argon2Hasher } from "./argon2-hasher.ts";
import type { PasswordHasher } from "./password.ts";

const random = (length: number) => new Uint8Array(randomBytes(length));
const newKeyring = () => {
  const data = {
    format: 1 as const,
    keys: [{ id: 1, secret: randomBytes(32).toString("base64url"), createdAt: 0, activeFrom: 0 }],
    pepper: randomBytes(32).toString("base64url"),
  };
  return hmacKeyring(() => data);
};
const keyring = newKeyring();
const hasher = argon2Hasher(random, keyring);
const [ann, eve] = ["019a0000-0000-7000-9000-000000000001", "019a0000-0000-7000-9000-000000000002"] as AccountId[] as [
  AccountId,
  AccountId,
];
const passwordOf = (text: string): Password => new Sealed(text);
const right = passwordOf("correct horse battery");
const origin = { range: "192.0.2" };
const check = (by: PasswordHasher, account: Parameters<PasswordHasher["verify"]>[0], typed: Password) =>
  by.verify(account, typed, origin);
const hashed = async (password = right) => ({ id: ann, passwordHash: await hasher.hash(ann, password) });
const unpadded = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64").replaceAll("=", "");

describe("attacks §0.5: passwords are hashed with argon2id and OWASP's first parameters", () => {
  test("formats the hash as a PHC string, with a new salt each time", async () => {
    const [one, other] = [await hashed(), await hashed()];
    expect(one.passwordHash).toMatch(/^\$argon2id-hmac\$v=19\$m=47104,t=1,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(one.passwordHash).not.toBe(other.passwordHash);
    expect(await check(hasher, one, right)).toBe(true);
    expect(await check(hasher, other, right)).toBe(true);
  });
  test.each(["", "correct horse batter", "correct horse battery ", "Correct horse battery", "correct horse battery\0"])(
    "rejects %j",
    async (text) => expect(await check(hasher, await hashed(), passwordOf(text))).toBe(false),
  );
  test("accepts the same password in another Unicode normalization", async () =>
    expect(await check(hasher, await hashed(passwordOf("caf\u00e9 au lait")), passwordOf("cafe\u0301 au lait"))).toBe(
      true,
    ));
  test("checks a hash with the parameters that it was made with", async () => {
    const salt = Buffer.from("somesalt");
    const tag = argon2Sync("argon2id", {
      message: "password",
      nonce: salt,
      memory: 64,
      passes: 2,
      parallelism: 1,
      tagLength: 32,
    });
    const stored = `$argon2id-hmac$v=19$m=64,t=2,p=1$${unpadded(salt)}$${unpadded(keyring.digest("password", `${ann}\0${unpadded(tag)}`))}`;
    expect(await check(hasher, { id: ann, passwordHash: stored }, passwordOf("password"))).toBe(true);
    expect(await check(hasher, { id: ann, passwordHash: stored.replace("t=2", "t=3") }, passwordOf("password"))).toBe(
      false,
    );
  });
  test.each(["", "plain", "$argon2i-hmac$v=19$m=47104,t=1,p=1$c29tZXNhbHQ$x", "$2b$10$abcdefghijklmnopqrstuv"])(
    "throws for a stored hash of %j, which is not a wrong password",
    async (stored) =>
      await expect(check(hasher, { id: ann, passwordHash: stored }, passwordOf("x"))).rejects.toThrow("argon2id"),
  );
});

describe("ST-02: a password hash works only in its row and with its keyring", () => {
  test("rejects a hash that was copied from another account", async () => {
    const mine = await hasher.hash(eve, passwordOf("eve's own password"));
    expect(await check(hasher, { id: eve, passwordHash: mine }, passwordOf("eve's own password"))).toBe(true);
    expect(await check(hasher, { id: ann, passwordHash: mine }, passwordOf("eve's own password"))).toBe(false);
  });
  test("rejects a hash that was made without the keyring, or with another", async () => {
    const salt = Buffer.from("somesalt");
    const tag = argon2Sync("argon2id", {
      message: right.reveal(),
      nonce: salt,
      memory: 47_104,
      passes: 1,
      parallelism: 1,
      tagLength: 32,
    });
    const head = `v=19$m=47104,t=1,p=1$${unpadded(salt)}$`;
    expect(await check(hasher, { id: ann, passwordHash: `$argon2id-hmac$${head}${unpadded(tag)}` }, right)).toBe(false);
    await expect(check(hasher, { id: ann, passwordHash: `$argon2id$${head}${unpadded(tag)}` }, right)).rejects.toThrow(
      "peppered",
    );
    expect(
      await check(hasher, { id: ann, passwordHash: await argon2Hasher(random, newKeyring()).hash(ann, right) }, right),
    ).toBe(false);
  });
});

describe("WB-12: an unknown account", () => {
  test("is rejected after the same hashing", async () => {
    expect(await check(hasher, undefined, passwordOf(""))).toBe(false);
    expect(await check(hasher, undefined, right)).toBe(false);
  });
});

describe("OP-05: a bounded queue", () => {
  test("runs one, queues two, answers busy to the fourth, and accepts again afterwards", async () => {
    const narrow = argon2Hasher(random, keyring, { atOnce: 1, waiting: 2, waitingPerOrigin: 2 });
    const order: string[] = [];
    const note = async (name: string) => order.push(`${name} ${await check(narrow, undefined, passwordOf("x"))}`);
    await Promise.all(["first", "second", "third", "fourth", "fifth"].map(note));
    expect(order).toEqual(["fourth busy", "fifth busy", "first false", "second false", "third false"]);
    expect(await check(narrow, undefined, passwordOf("x"))).toBe(false);
  });
  test("frees its place after an error", async () => {
    const narrow = argon2Hasher(random, keyring, { atOnce: 1, waiting: 0, waitingPerOrigin: 0 });
    await expect(check(narrow, { id: ann, passwordHash: "broken" }, passwordOf("x"))).rejects.toThrow("argon2id");
    expect(await check(narrow, undefined, passwordOf("x"))).toBe(false);
  });
});
