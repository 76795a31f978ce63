import { describe, expect, test } from "vitest";
import type { ResourceName } from "@symbolon/protocol";
import { exampleAccount, exampleAccountId, exampleDigest, exampleNow, exampleSession } from "../examples.ts";
import { editRow, removeRow } from "../row-edits.ts";
import { isRefusal } from "./refusal.ts";
import type { CurrentStore } from "./current-store.ts";

export function accountsContract(store: CurrentStore): void {
  describe("accounts", () => {
    test("an insert with a taken e-mail address returns false and changes nothing", async () => {
      await store().accounts.insert(exampleAccount());
      expect(await store().accounts.insert(exampleAccount({ id: exampleAccountId(2) }))).toBe(false);
      expect(await store().accounts.find(exampleAccountId(2))).toBeUndefined();
      expect(await store().accounts.findByEmail("ada@good.example")).toStrictEqual(exampleAccount());
    });

    test("of twenty concurrent inserts of one address, one succeeds", async () => {
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, n) => store().accounts.insert(exampleAccount({ id: exampleAccountId(n) }))),
      );
      expect(outcomes.filter(Boolean)).toHaveLength(1);
    });

    test("an insert with a taken id is refused, and the first account is unchanged", async () => {
      await store().accounts.insert(exampleAccount());
      await expect(store().accounts.insert(exampleAccount({ email: "eve@evil.example" }))).rejects.toSatisfy(isRefusal);
      expect(await store().accounts.findByEmail("eve@evil.example")).toBeUndefined();
    });

    test("an unknown account is undefined", async () => {
      expect(await store().accounts.find(exampleAccountId(404))).toBeUndefined();
      expect(await store().accounts.findByEmail("unknown@good.example")).toBeUndefined();
    });

    test("an account is read back as it was written", async () => {
      const resources = [
        { name: "Company/0d0f6a52-0000-4000-8000-000000000001" as ResourceName, label: "Ada & Söhne" },
      ];
      const account = exampleAccount({ resources, suspendedAt: exampleNow });
      expect(await store().accounts.insert(account)).toBe(true);
      expect(await store().accounts.find(account.id)).toStrictEqual(account);
    });

    test("every member but the id and the time of creation can be changed", async () => {
      await store().accounts.insert(exampleAccount());
      const changed = {
        email: "ada@new.example",
        passwordHash: "new",
        resources: [{ name: "Company/1" as ResourceName, label: "One" }],
        suspendedAt: exampleNow,
      };
      await editRow(store().accounts, exampleAccountId(1), changed);
      expect(await store().accounts.find(exampleAccountId(1))).toStrictEqual(
        exampleAccount({ ...changed, version: 1 }),
      );
    });
  });

  describe("WB-17: sessions end", () => {
    const [mine, other, theirs] = [exampleDigest(3), exampleDigest(4), exampleDigest(5)];
    const left = async () =>
      (await Promise.all([mine, other, theirs].map((digest) => store().sessions.find(digest)))).map(
        (session) => session !== undefined,
      );
    const signIn = async (): Promise<void> => {
      await store().accounts.insert(exampleAccount());
      await store().accounts.insert(exampleAccount({ id: exampleAccountId(2), email: "bob@good.example" }));
      for (const digest of [mine, other]) await store().sessions.insert(exampleSession({ digest }));
      await store().sessions.insert(exampleSession({ digest: theirs, owner: exampleAccountId(2) }));
    };

    test("with a new password: all of that account, and none of another", async () => {
      await signIn();
      await editRow(store().accounts, exampleAccountId(1), { passwordHash: "new" });
      expect(await left()).toEqual([false, false, true]);
    });

    test("with a suspension, and stay ended when it ends; the rest of the account is unchanged", async () => {
      await signIn();
      await editRow(store().accounts, exampleAccountId(1), { suspendedAt: exampleNow });
      expect(await left()).toEqual([false, false, true]);
      expect(await store().accounts.find(exampleAccountId(1))).toStrictEqual(
        exampleAccount({ suspendedAt: exampleNow, version: 1 }),
      );
      await editRow(store().accounts, exampleAccountId(1), { suspendedAt: null });
      expect(await store().accounts.find(exampleAccountId(1))).toStrictEqual(exampleAccount({ version: 2 }));
      expect(await left()).toEqual([false, false, true]);
    });

    test("not with a new e-mail address or other resources", async () => {
      await signIn();
      await editRow(store().accounts, exampleAccountId(1), { email: "ada@new.example", resources: [] });
      expect(await left()).toEqual([true, true, true]);
    });

    test("with the deletion of the account, whose address is free again; another account is unchanged", async () => {
      await signIn();
      expect(await removeRow(store().accounts, exampleAccountId(1))).toBe(true);
      expect(await left()).toEqual([false, false, true]);
      expect([
        await store().accounts.find(exampleAccountId(1)),
        await store().accounts.findByEmail("ada@good.example"),
      ]).toEqual([undefined, undefined]);
      expect((await store().accounts.list()).map(({ id }) => id)).toEqual([exampleAccountId(2)]);
    });
  });

  describe("sessions", () => {
    const digest = exampleDigest(3);

    test("an unknown session is undefined; touching or deleting it creates none", async () => {
      await store().sessions.touch(digest, exampleNow);
      await store().sessions.delete(digest);
      expect(await store().sessions.find(digest)).toBeUndefined();
    });

    test("an insert with a taken digest is refused", async () => {
      await store().sessions.insert(exampleSession());
      await expect(store().sessions.insert(exampleSession({ owner: exampleAccountId(2) }))).rejects.toSatisfy(
        isRefusal,
      );
      expect((await store().sessions.find(digest))?.owner).toBe(exampleAccountId(1));
    });

    test("a session is read back as it was written; touching it moves the idle end only", async () => {
      await store().sessions.insert(exampleSession());
      expect(await store().sessions.find(digest)).toStrictEqual(exampleSession());
      await store().sessions.touch(digest, exampleNow + 5);
      expect(await store().sessions.find(digest)).toStrictEqual(exampleSession({ idleExpiresAt: exampleNow + 5 }));
    });

    test("a deleted session is not found", async () => {
      await store().sessions.insert(exampleSession());
      await store().sessions.delete(digest);
      expect(await store().sessions.find(digest)).toBeUndefined();
    });
  });
}
