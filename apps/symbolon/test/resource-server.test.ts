import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runJson, runSymbolon, startServer, type RunningServer } from "./start-server.ts";

type Server = { client_id: string; client_secret: string; live_secrets?: number };

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => void (await server.stop()));

const here = () => ({ data: server.data });
const create = () => runJson<Server>(["resource-server", "create", "--name", "Payroll API"], here());
const introspect = async ({ client_id, client_secret }: Server): Promise<number> => {
  const authorization = `Basic ${Buffer.from(`${client_id}:${client_secret}`).toString("base64")}`;
  const { status } = await fetch(`${server.url}/oauth/introspect`, {
    method: "POST",
    headers: { authorization },
    body: new URLSearchParams({ token: "x" }),
  });
  return status;
};

describe("resource-server rotate-secret, while the server runs", () => {
  test("CA-13: the old and the new secret work, then the new one only, at once", async () => {
    const first = await create();
    const second = await runJson<Server>(["resource-server", "rotate-secret", first.client_id], here());
    expect(second).toEqual({
      client_id: first.client_id,
      client_secret: expect.stringMatching(/^sym_cs_/),
      client_secret_expires_at: 0,
      live_secrets: 2,
    });
    expect([await introspect(first), await introspect(second)]).toEqual([200, 200]);
    const third = await runJson<Server>(["resource-server", "rotate-secret", first.client_id, "--retire-old"], here());
    expect(third.live_secrets).toBe(1);
    expect([await introspect(first), await introspect(second), await introspect(third)]).toEqual([401, 401, 200]);
  });
});

describe("resource-server delete, while the server runs", () => {
  test("ends its credentials at once and removes it from the list", async () => {
    const made = await create();
    expect(await introspect(made)).toBe(200);
    expect(await runJson(["resource-server", "delete", made.client_id], here())).toEqual({
      client_id: made.client_id,
      deleted: true,
    });
    expect(await introspect(made)).toBe(401);
    expect((await runSymbolon(["resource-server", "list"], here())).stdout).not.toContain(made.client_id);
  });

  test("an unknown id is refused with the command that lists the known ids", async () => {
    for (const verb of ["rotate-secret", "delete"]) {
      const { code, stderr } = await runSymbolon(["resource-server", verb, "rs_0000000000000000"], here());
      expect({ verb, code }).toEqual({ verb, code: 1 });
      expect(stderr).toContain("symbolon resource-server list");
    }
  });
});
