import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { freePort, runJson, runSymbolon, startServer, type RunningServer } from "./start-server.ts";

type Credentials = { client_id: string; client_secret: string; scope: string; resource: string };

async function tokenOf(server: RunningServer, { client_id, client_secret }: Credentials): Promise<string> {
  const answer = await fetch(`${server.url}/oauth/token`, {
    method: "POST",
    headers: { authorization: `Basic ${Buffer.from(`${client_id}:${client_secret}`).toString("base64")}` },
    body: new URLSearchParams({ grant_type: "client_credentials", resource: `${server.url}/admin` }),
  });
  return ((await answer.json()) as { access_token: string }).access_token;
}

const statusAt = async (url: string, token?: string): Promise<number> =>
  (await fetch(url, token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } })).status;

/** A configuration file that sets `admin`. */
function configWith(admin: string): string {
  const file = join(mkdtempSync(join(tmpdir(), "symbolon-admin-")), "symbolon.config.ts");
  writeFileSync(file, `export default { admin: ${admin} };`);
  return file;
}

describe("symbolon admin credentials", () => {
  test("makes a client whose token the management API of a running server accepts", async () => {
    const server = await startServer();
    const credentials = await runJson<Credentials>(["admin", "credentials", "--issuer", server.url], server);
    expect(credentials.resource).toBe(`${server.url}/admin`);
    expect(credentials.scope).toBe("symbolon:read symbolon:write symbolon:secrets symbolon:sign-in");
    const token = await tokenOf(server, credentials);
    expect(await statusAt(`${server.url}/admin/v1/applications`, token)).toBe(200);
    expect(await statusAt(`${server.url}/admin/v1/applications`)).toBe(401);
    await runSymbolon(["app", "delete", credentials.client_id], server);
    expect(await statusAt(`${server.url}/admin/v1/applications`, token)).toBe(401);
    await server.stop();
  });
  test("limits the client to the scopes that are named, and refuses others", async () => {
    const data = join(mkdtempSync(join(tmpdir(), "symbolon-admin-")), "data");
    const reader = await runJson<Credentials>(["admin", "credentials", "--scope", "symbolon:read"], { data });
    expect(reader.scope).toBe("symbolon:read");
    const { code, stderr } = await runSymbolon(["admin", "credentials", "--scope", "read"], { data });
    expect([code, stderr]).toEqual([2, expect.stringContaining("--scope must be some of symbolon:read")]);
  });
  test("is the only way to such a client: app create refuses its scopes", async () => {
    const data = join(mkdtempSync(join(tmpdir(), "symbolon-admin-")), "data");
    const { code, stderr } = await runSymbolon(["app", "create", "--name", "A", "--scope", "symbolon:read"], { data });
    expect([code, stderr]).toEqual([2, expect.stringContaining("--scope symbolon:read is reserved for clients of")]);
  });
});

describe("AD-08, OP-08: the address of the management API", () => {
  test("of its own: the main one answers 404, and it answers nothing else", async () => {
    const port = await freePort();
    const server = await startServer({ args: ["--config", configWith(`{ host: "localhost", port: ${port} }`)] });
    const credentials = await runJson<Credentials>(["admin", "credentials", "--issuer", server.url], server);
    const token = await tokenOf(server, credentials);
    const paths = ["/admin/v1/applications", "/admin/v1/openapi.json"];
    for (const path of paths) {
      expect(await statusAt(server.url + path, token)).toBe(404);
      expect(await statusAt(`http://localhost:${port}${path}`, token)).toBe(200);
    }
    for (const path of ["/", "/oauth/authorize", "/oauth/token_info", "/.well-known/oauth-authorization-server"])
      expect(await statusAt(`http://localhost:${port}${path}`, token)).toBe(404);
    const { code } = await server.stop();
    expect(code).toBe(0);
    await expect(fetch(`http://localhost:${port}/`)).rejects.toThrow("fetch failed");
  });
  test("off: 404", async () => {
    const server = await startServer({ args: ["--config", configWith(`"off"`)] });
    expect(await statusAt(`${server.url}/admin/v1/openapi.json`)).toBe(404);
    await server.stop();
  });
  test("--dev refuses one that other computers reach, and a port in use is named", async () => {
    const data = join(mkdtempSync(join(tmpdir(), "symbolon-admin-")), "data");
    const config = configWith(`{ host: "0.0.0.0", port: 8799 }`);
    const { code, stderr } = await runSymbolon(["serve", "--dev", "--config", config], { data });
    expect([code, stderr]).toEqual([2, expect.stringContaining("this computer only, not on 0.0.0.0")]);
  });
  test.each(["{}", '"on"', "{ host: 'localhost' }", "{ host: 'localhost', port: 0 }", "{ host: 'a', port: 1, x: 1 }"])(
    "the configuration refuses admin: %s",
    async (admin) => {
      const { code } = await runSymbolon(["app", "list", "--config", configWith(admin)]);
      expect(code).toBe(2);
    },
  );
});
