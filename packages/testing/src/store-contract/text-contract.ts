import { describe, expect, test } from "vitest";
import type { AccountId, ClientId, ResourceName } from "@symbolon/protocol";
import { oddTexts } from "../arbitraries.ts";
import {
  exampleAccount,
  exampleAccountId,
  exampleApplication,
  exampleGrant,
  exampleGrantId,
  exampleClientCredentialsGrant,
} from "../examples.ts";
import { removeRow } from "../row-edits.ts";
import type { CurrentStore } from "./current-store.ts";

/** Each unusual text is stored beside its look-alikes; every look-up must find its own row and no other. */
export function textContract(store: CurrentStore): void {
  describe("ST-05: identifiers are compared as bytes", () => {
    test("e-mail addresses", async () => {
      for (const [n, email] of oddTexts.entries()) {
        expect(await store().accounts.insert(exampleAccount({ id: exampleAccountId(n), email }))).toBe(true);
      }
      for (const [n, email] of oddTexts.entries()) {
        expect(await store().accounts.findByEmail(email)).toMatchObject({ id: exampleAccountId(n), email });
      }
    });

    test("application ids", async () => {
      for (const text of oddTexts)
        await store().applications.insert(exampleApplication({ id: text as ClientId, name: `name ${text}` }));
      for (const text of oddTexts)
        expect((await store().applications.find(text as ClientId))?.name).toBe(`name ${text}`);
      expect(await removeRow(store().applications, "a%" as ClientId)).toBe(true);
      expect(await store().applications.list()).toHaveLength(oddTexts.length - 1);
    });

    test("owners, applications and resources of grants", async () => {
      for (const [n, text] of oddTexts.entries()) {
        const names = { application: text as ClientId, owner: text as AccountId, resource: text as ResourceName };
        await store().grants.insert(exampleGrant({ id: exampleGrantId(n), ...names }));
      }
      for (const [n, text] of oddTexts.entries()) {
        const ofApplication = await store().grants.list({ application: text as ClientId, limit: 99 });
        const ofOwner = await store().grants.list({ owner: text as AccountId, limit: 99 });
        expect([ofApplication, ofOwner].map((grants) => grants.map(({ id, resource }) => [id, resource]))).toEqual([
          [[exampleGrantId(n), text]],
          [[exampleGrantId(n), text]],
        ]);
      }
    });

    test("audiences of client-credentials grants", async () => {
      const lists = [...oddTexts.map((text) => [text]), ["a", "A"], ["A", "a"], ['a","A'], ["null"], ["[]"], []];
      const application = "app_one" as ClientId;
      let number = 0;
      const ask = (audiences: string[]) =>
        store().grants.findOrCreateClientCredentials(application, audiences, () =>
          exampleClientCredentialsGrant({ id: exampleGrantId(++number), audiences }),
        );
      const first = await Promise.all(lists.map(ask));
      const second = await Promise.all(lists.map(ask));
      expect(second).toStrictEqual(first);
      expect(number).toBe(new Set(lists.map((list) => JSON.stringify(list))).size);
    });

    test("an upper-case spelling of an account's UUID is another account", async () => {
      const id = "019a0000-0000-7000-9000-00000000abcd" as AccountId;
      await store().accounts.insert(exampleAccount({ id }));
      expect(await store().accounts.find(id.toUpperCase() as AccountId)).toBeUndefined();
      expect((await store().accounts.find(id))?.id).toBe(id);
    });

    const lone = ["\ud800", "\udc00x", "a\ud83d"];
    test.each(lone)("text with a lone surrogate equals no other text (%#)", async (text) => {
      await store().accounts.insert(exampleAccount({ email: text.toWellFormed() }));
      const found = await store()
        .accounts.findByEmail(text)
        .catch(() => undefined);
      expect(found).toBeUndefined();
      const inserted = await store()
        .accounts.insert(exampleAccount({ id: exampleAccountId(2), email: text }))
        .catch(() => false);
      const back = await store().accounts.find(exampleAccountId(2));
      expect(back?.email).toBe(inserted ? text : undefined);
    });
  });
}
