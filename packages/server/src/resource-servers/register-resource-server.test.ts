import { describe, expect, test } from "vitest";
import { makeWorld } from "../../test/world.ts";
import { registerResourceServer, validateResourceServer } from "./register-resource-server.ts";
import { rotateResourceServerSecret } from "./rotate-secret.ts";

const resource = "https://api.example.com/payroll";

describe("validateResourceServer", () => {
  test("accepts a name with or without an RFC 8707 resource", () => {
    expect(validateResourceServer({ name: "Payroll API" })).toEqual({
      ok: true,
      value: { name: "Payroll API", resource: null },
    });
    expect(validateResourceServer({ name: "Payroll API", resource })).toMatchObject({ ok: true, value: { resource } });
  });

  test.for(["api", `${resource}#f`, "https://api.example.com/ b"])("RFC 8707 §2: refuses the resource %s", (text) => {
    const refused = validateResourceServer({ name: "N", resource: text });
    expect(refused).toMatchObject({ ok: false, problems: [{ field: "resource", kind: "invalid", value: text }] });
  });

  test("names both problems at once", () => {
    const refused = validateResourceServer({ resource: "api" });
    expect(refused).toMatchObject({ ok: false, problems: [{ field: "name", kind: "missing" }, { field: "resource" }] });
  });
});

describe("registerResourceServer", () => {
  test("stores it, and refuses a resource that another one has", async () => {
    const { deps } = await makeWorld();
    const registered = await registerResourceServer({ name: "Payroll API", resource }, deps);
    if (!registered.ok) throw new Error("It must be registered.");
    const { resourceServer, secret } = registered.value;
    expect(resourceServer.id).toMatch(/^rs_/);
    expect(secret.reveal()).toMatch(/^sym_cs_/);
    expect(await deps.store.resourceServers.list()).toMatchObject([{ id: resourceServer.id, resource }]);
    expect(await registerResourceServer({ name: "Another", resource }, deps)).toEqual({
      ok: false,
      problems: [
        {
          field: "resource",
          kind: "taken",
          expected: expect.stringContaining(`belongs to ${resourceServer.id}`),
          value: resource,
        },
      ],
    });
  });

  test("accepts any number of resource servers without a resource", async () => {
    const { deps } = await makeWorld();
    for (const name of ["One", "Two"])
      expect(await registerResourceServer({ name, resource: null }, deps)).toMatchObject({ ok: true });
  });
});

describe("CA-13: rotateResourceServerSecret", () => {
  test("keeps one previous secret, or none with retireOld", async () => {
    const { deps } = await makeWorld();
    const registered = await registerResourceServer({ name: "Payroll API", resource: null }, deps);
    if (!registered.ok) throw new Error("It must be registered.");
    const { id } = registered.value.resourceServer;
    const rotate = async (retireOld: boolean): Promise<number> =>
      (await rotateResourceServerSecret((await deps.store.resourceServers.find(id))!, { retireOld }, deps)).liveSecrets;
    expect([await rotate(false), await rotate(false), await rotate(true)]).toEqual([2, 2, 1]);
    expect((await deps.store.resourceServers.find(id))!.secrets).toHaveLength(1);
  });
});
