import { describe, expect, test } from "vitest";
import type { ClientId } from "@symbolon/protocol";
import type { Application } from "@symbolon/server";
import { exampleApplication, exampleDigest, exampleGrant, exampleNow, exampleResourceServer } from "../examples.ts";
import { isRefusal } from "./refusal.ts";
import type { CurrentStore } from "./current-store.ts";

const id = "app_one" as ClientId;
const unknown = "app_404" as ClientId;

export function applicationsContract(store: CurrentStore): void {
  describe("applications", () => {
    test("an insert with a taken id is refused, and the first application is unchanged", async () => {
      await store().applications.insert(exampleApplication());
      await expect(store().applications.insert(exampleApplication({ name: "Impostor" }))).rejects.toSatisfy(isRefusal);
      expect((await store().applications.find(id))?.name).toBe("Payroll Reports");
    });

    test("an unknown application is undefined, cannot be deleted, and setting its secrets does not create it", async () => {
      await store().applications.setSecrets(unknown, [], "client_secret_post");
      expect(await store().applications.delete(unknown)).toBe(false);
      expect(await store().applications.find(unknown)).toBeUndefined();
    });

    test("an application that was looked up before its insert is found after it, and not after its deletion", async () => {
      const ask = async () => (await store().applications.find(id))?.name;
      expect([await ask(), await ask()]).toEqual([undefined, undefined]);
      await store().applications.insert(exampleApplication());
      expect(await ask()).toBe("Payroll Reports");
      expect(await store().applications.delete(id)).toBe(true);
      expect([await ask(), await ask()]).toEqual([undefined, undefined]);
      const resourceServer = exampleResourceServer();
      expect(await store().resourceServers.find(resourceServer.id)).toBeUndefined();
      await store().resourceServers.insert(resourceServer);
      expect(await store().resourceServers.find(resourceServer.id)).toStrictEqual(resourceServer);
    });

    const kinds: Partial<Application>[] = [
      {},
      { type: "public", authMethod: "none", secrets: [], redirectUris: [] },
      { replay: { preset: "window", seconds: 120 }, accessTokenLifetimes: [3600, 86_400], suspendedAt: exampleNow },
      {
        secrets: [1, 2].map((n) => ({ digest: exampleDigest(n), createdAt: exampleNow + n })),
        scope: [],
        replay: { preset: "strict" },
      },
    ];
    test.each(kinds)("an application is read back as it was written (%#)", async (given) => {
      await store().applications.insert(exampleApplication(given));
      expect(await store().applications.find(id)).toStrictEqual(exampleApplication(given));
    });

    test("applications are listed, oldest first", async () => {
      for (const [n, name] of ["app_c", "app_a", "app_b"].entries()) {
        await store().applications.insert(exampleApplication({ id: name as ClientId, createdAt: exampleNow - n }));
      }
      expect((await store().applications.list()).map((application) => application.id)).toEqual([
        "app_b",
        "app_a",
        "app_c",
      ]);
    });

    test("secrets and method are set together", async () => {
      await store().applications.insert(exampleApplication());
      const secrets = [{ digest: exampleDigest(9), createdAt: exampleNow + 1 }];
      await store().applications.setSecrets(id, secrets, "client_secret_basic");
      expect(await store().applications.find(id)).toStrictEqual(
        exampleApplication({ secrets, authMethod: "client_secret_basic" }),
      );
      await store().applications.setSecrets(id, secrets, null);
      expect(await store().applications.find(id)).toStrictEqual(exampleApplication({ secrets, authMethod: null }));
    });

    test("an application is deleted once; its grants are kept", async () => {
      await store().applications.insert(exampleApplication());
      await store().grants.insert(exampleGrant({ application: id }));
      const outcomes = await Promise.all([store().applications.delete(id), store().applications.delete(id)]);
      expect(outcomes.filter(Boolean)).toHaveLength(1);
      expect(await store().applications.find(id)).toBeUndefined();
      expect(await store().grants.list({ application: id, limit: 9 })).toHaveLength(1);
    });
  });

  describe("resource servers", () => {
    test("an insert with a taken id is refused, and the first resource server is unchanged", async () => {
      await store().resourceServers.insert(exampleResourceServer());
      await expect(store().resourceServers.insert(exampleResourceServer({ name: "Impostor" }))).rejects.toSatisfy(
        isRefusal,
      );
      expect((await store().resourceServers.find("rs_one" as ClientId))?.name).toBe("Payroll API");
    });

    test("secrets are replaced; a resource server is deleted once", async () => {
      const { id: server } = exampleResourceServer();
      await store().resourceServers.insert(exampleResourceServer());
      const secrets = [{ digest: exampleDigest(9), createdAt: exampleNow + 1 }];
      await store().resourceServers.setSecrets(server, secrets);
      expect(await store().resourceServers.find(server)).toStrictEqual(exampleResourceServer({ secrets }));
      const outcomes = await Promise.all([
        store().resourceServers.delete(server),
        store().resourceServers.delete(server),
      ]);
      expect(outcomes.filter(Boolean)).toHaveLength(1);
      await store().resourceServers.setSecrets(server, secrets);
      expect(await store().resourceServers.find(server)).toBeUndefined();
    });

    test("an unknown resource server is undefined, even if an application has that id", async () => {
      await store().applications.insert(exampleApplication());
      expect(await store().resourceServers.find(id)).toBeUndefined();
    });

    test("resource servers are listed as they were written, oldest first", async () => {
      const younger = exampleResourceServer({ id: "rs_a" as ClientId, resource: null, createdAt: exampleNow + 1 });
      await store().resourceServers.insert(younger);
      await store().resourceServers.insert(exampleResourceServer());
      expect(await store().resourceServers.list()).toStrictEqual([exampleResourceServer(), younger]);
      expect(await store().resourceServers.find(younger.id)).toStrictEqual(younger);
    });
  });
}
