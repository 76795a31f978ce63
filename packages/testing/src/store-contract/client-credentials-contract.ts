import { describe, expect, test } from "vitest";
import type { ClientId } from "@symbolon/protocol";
import type { Grant } from "@symbolon/server";
import { exampleAccountId, exampleGrantId, exampleNow, exampleClientCredentialsGrant } from "../examples.ts";
import { isRefusal } from "./refusal.ts";
import type { CurrentStore } from "./current-store.ts";

const application = "app_one" as ClientId;
const api = "https://api.good.example";

export function clientCredentialsContract(store: CurrentStore): void {
  let number = 0;
  const make =
    (given: Partial<Grant> = {}) =>
    () =>
      exampleClientCredentialsGrant({ id: exampleGrantId(++number), ...given });
  const rows = () => store().grants.list({ limit: 99 });

  describe("the client-credentials grant", () => {
    const wrong: [string, Partial<Grant>][] = [
      ["of another application", { application: "app_two" as ClientId }],
      ["for other audiences", { audiences: [api] }],
      ["with an owner", { owner: exampleAccountId(1) }],
      ["that is not active", { state: "revoked", revokedAt: exampleNow, revokedBecause: "revoked_by_operator" }],
    ];
    test.each(wrong)("a grant %s is not inserted", async (_, given) => {
      await expect(store().grants.findOrCreateClientCredentials(application, [], make(given))).rejects.toSatisfy(
        isRefusal,
      );
      expect(await rows()).toEqual([]);
    });

    test("an error of `make` rejects, and nothing is inserted", async () => {
      const thrown = new Error("no");
      const fail = () => {
        throw thrown;
      };
      await expect(store().grants.findOrCreateClientCredentials(application, [], fail)).rejects.toBe(thrown);
      expect(await rows()).toEqual([]);
    });

    test("fifty concurrent calls get the same grant", async () => {
      const found = await Promise.all(
        Array.from({ length: 50 }, () => store().grants.findOrCreateClientCredentials(application, [], make())),
      );
      expect(new Set(found.map(({ id }) => id)).size).toBe(1);
      expect(await rows()).toStrictEqual([found[0]]);
    });

    test("an existing grant is found, and none is created", async () => {
      const first = await store().grants.findOrCreateClientCredentials(application, [api], make({ audiences: [api] }));
      const second = await store().grants.findOrCreateClientCredentials(application, [api], () => {
        throw new Error("made again");
      });
      expect(second).toStrictEqual(first);
    });

    test("another application or other audiences have another grant", async () => {
      const two = "app_two" as ClientId;
      const found = await Promise.all([
        store().grants.findOrCreateClientCredentials(application, [], make()),
        store().grants.findOrCreateClientCredentials(application, [api], make({ audiences: [api] })),
        store().grants.findOrCreateClientCredentials(
          application,
          [api, `${api}/2`],
          make({ audiences: [api, `${api}/2`] }),
        ),
        store().grants.findOrCreateClientCredentials(two, [], make({ application: two })),
      ]);
      expect(new Set(found.map(({ id }) => id)).size).toBe(4);
    });

    test("a revoked grant is not found; the next has a new id", async () => {
      const first = await store().grants.findOrCreateClientCredentials(application, [], make());
      await store().grants.change(first.id, (grant) => ({
        answer: 1,
        write: { ...grant!, state: "revoked", revokedAt: exampleNow, revokedBecause: "revoked_by_operator" },
      }));
      const second = await store().grants.findOrCreateClientCredentials(application, [], make());
      expect(second.id).not.toBe(first.id);
      expect(await rows()).toHaveLength(2);
    });

    test("a second active grant cannot be inserted or written", async () => {
      await store().grants.findOrCreateClientCredentials(application, [], make());
      const again = store().grants.insert(exampleClientCredentialsGrant({ id: exampleGrantId(900) }));
      await expect(again).rejects.toSatisfy(isRefusal);
    });
  });
}
