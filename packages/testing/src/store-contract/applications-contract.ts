import { describe, expect, test } from "vitest";
import type { ClientId } from "@symbolon/protocol";
import type { Application } from "@symbolon/server";
import { exampleApplication, exampleDigest, exampleGrant, exampleNow, exampleResourceServer } from "../examples.ts";
import { editRow, removeRow } from "../row-edits.ts";
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

    test("an unknown application is undefined", async () => {
      expect(await store().applications.find(unknown)).toBeUndefined();
    });

    test("an application that was looked up before its insert is found after it, and not after its deletion", async () => {
      const ask = async () => (await store().applications.find(id))?.name;
      expect([await ask(), await ask()]).toEqual([undefined, undefined]);
      await store().applications.insert(exampleApplication());
      expect(await ask()).toBe("Payroll Reports");
      expect(await removeRow(store().applications, id)).toBe(true);
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
      await editRow(store().applications, id, { secrets, authMethod: "client_secret_basic" });
      expect(await store().applications.find(id)).toStrictEqual(
        exampleApplication({ secrets, authMethod: "client_secret_basic", version: 1 }),
      );
    });

    test("an application is deleted once; its grants are kept", async () => {
      await store().applications.insert(exampleApplication());
      await store().grants.insert(exampleGrant({ application: id }));
      const outcomes = await Promise.all([1, 2].map(() => removeRow(store().applications, id)));
      expect(outcomes.filter(Boolean)).toHaveLength(1);
      expect(await store().applications.find(id)).toBeUndefined();
      expect(await store().grants.list({ application: id, limit: 9 })).toHaveLength(1);
    });
  });

  describe("resource servers", () => {
    test("an insert with a taken id is refused, and the first resource server is unchanged", async () => {
      await store().resourceServers.insert(exampleResourceServer());
      await expect(
        store().resourceServers.insert(exampleResourceServer({ name: "Impostor", resource: null })),
      ).rejects.toSatisfy(isRefusal);
      expect((await store().resourceServers.find("rs_one" as ClientId))?.name).toBe("Payroll API");
    });

    test("secrets are replaced; a deleted resource server is not found", async () => {
      const { id: server } = exampleResourceServer();
      await store().resourceServers.insert(exampleResourceServer());
      const secrets = [{ digest: exampleDigest(9), createdAt: exampleNow + 1 }];
      await editRow(store().resourceServers, server, { secrets });
      expect(await store().resourceServers.find(server)).toStrictEqual(exampleResourceServer({ secrets, version: 1 }));
      await removeRow(store().resourceServers, server);
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
