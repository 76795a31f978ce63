import { describe, expect, test } from "vitest";
import type { ExternalSubject, ResourceName } from "@symbolon/protocol";
import {
  exampleAccountId,
  exampleDigest,
  exampleGrant,
  exampleGrantId,
  exampleNow,
  exampleSession,
} from "../examples.ts";
import type { CurrentStore } from "./current-store.ts";

const ada = "subject:ada" as ExternalSubject;
const bob = "subject:bob" as ExternalSubject;
const person = {
  name: "Ada Lovelace",
  resources: [{ name: "Company/77" as ResourceName, label: "Lovelace & Daughters" }],
  acr: "urn:example:mfa",
};

export function subjectsContract(store: CurrentStore): void {
  describe("subjects of the provider's own sign-in", () => {
    test("a session keeps what the sign-in said of the person", async () => {
      const session = exampleSession({ owner: ada, person });
      await store().sessions.insert(session);
      expect(await store().sessions.find(session.digest)).toStrictEqual(session);
    });

    test("a subject is not suspended until it is suspended, and then until it is resumed", async () => {
      expect(await store().subjects.find(ada)).toStrictEqual({ subject: ada, suspendedAt: null });
      await store().subjects.setSuspended(ada, exampleNow);
      expect(await store().subjects.find(ada)).toStrictEqual({ subject: ada, suspendedAt: exampleNow });
      expect((await store().subjects.find(bob)).suspendedAt).toBeNull();
      await store().subjects.setSuspended(ada, exampleNow + 1);
      expect((await store().subjects.find(ada)).suspendedAt).toBe(exampleNow + 1);
      await store().subjects.setSuspended(ada, null);
      expect((await store().subjects.find(ada)).suspendedAt).toBeNull();
    });

    test("WB-17: suspending ends the sessions of that subject, and of no other", async () => {
      await store().sessions.insert(exampleSession({ digest: exampleDigest(1), owner: ada, person }));
      await store().sessions.insert(exampleSession({ digest: exampleDigest(2), owner: bob, person }));
      await store().sessions.insert(exampleSession({ digest: exampleDigest(3) }));
      await store().subjects.setSuspended(ada, exampleNow);
      await store().subjects.setSuspended(ada, null);
      const left = [1, 2, 3].map((n) => store().sessions.find(exampleDigest(n)));
      expect((await Promise.all(left)).map((session) => session?.owner)).toEqual([undefined, bob, exampleAccountId(1)]);
    });

    test("deleting the sessions of an owner says how many there were", async () => {
      await store().sessions.insert(exampleSession({ digest: exampleDigest(1), owner: ada, person }));
      await store().sessions.insert(exampleSession({ digest: exampleDigest(2), owner: ada, person }));
      await store().sessions.insert(exampleSession({ digest: exampleDigest(3) }));
      expect([await store().sessions.deleteOf(ada), await store().sessions.deleteOf(ada)]).toEqual([2, 0]);
      expect(await store().sessions.deleteOf(exampleAccountId(1))).toBe(1);
    });

    test("a subject that is spelled as the id of an account is another owner than that account", async () => {
      const twin = `subject:${exampleAccountId(1)}` as ExternalSubject;
      await store().grants.insert(exampleGrant({ id: exampleGrantId(1) }));
      await store().grants.insert(exampleGrant({ id: exampleGrantId(2), owner: twin }));
      const idsOf = async (owner: ExternalSubject | ReturnType<typeof exampleAccountId>) =>
        (await store().grants.list({ owner, limit: 9 })).map(({ id }) => id);
      expect(await idsOf(twin)).toEqual([exampleGrantId(2)]);
      expect(await idsOf(exampleAccountId(1))).toEqual([exampleGrantId(1)]);
      expect((await store().grants.find(exampleGrantId(2)))?.owner).toBe(twin);
      await store().subjects.setSuspended(twin, exampleNow);
      expect(await store().accounts.find(exampleAccountId(1))).toBeUndefined();
    });
  });
}
