import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runJson, runSymbolon, startServer, temporaryDirectory, type RunningServer } from "./start-server.ts";
import { obtainTokens, refreshRequest, useToken } from "./token-life.ts";

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => void (await server.stop()));

const here = () => ({ data: server.data });

/** A data directory made of a backup and the keyring that is kept elsewhere. */
function restore(file: string): string {
  const data = join(temporaryDirectory(), "restored");
  mkdirSync(data, { mode: 0o700 });
  copyFileSync(file, join(data, "symbolon.sqlite"));
  copyFileSync(join(server.data, "keyring.json"), join(data, "keyring.json"));
  return data;
}

describe("backup", () => {
  test("copies a database in use, and the restored copy serves the same tokens", async () => {
    const tokens = await obtainTokens(server, server.demo!);
    const file = join(temporaryDirectory(), "monday.sqlite");
    expect(await runJson(["backup", "--to", file], here())).toEqual({
      file,
      bytes: statSync(file).size,
      keyring_included: false,
    });
    expect((statSync(file).mode & 0o777).toString(8)).toBe("600");

    const data = restore(file);
    await runJson(["restore", "--keep-grants"], { data });
    const restored = await startServer({ data });
    expect(restored.demo).toBeNull();
    expect(await useToken(restored, tokens.access_token)).toBe(200);
    expect((await refreshRequest(restored, server.demo!, tokens.refresh_token)).status).toBe(200);
    await restored.stop();
  });

  test("refuses to overwrite a file, and names what is missing", async () => {
    const file = join(temporaryDirectory(), "there.sqlite");
    writeFileSync(file, "mine");
    const refused: [string[], number, string][] = [
      [["--to", file], 1, "exists already"],
      [["--to", join(temporaryDirectory(), "none", "b.sqlite")], 1, "does not exist"],
      [[], 2, "--to is needed"],
    ];
    for (const [flags, code, says] of refused) {
      const result = await runSymbolon(["backup", ...flags], here());
      expect(result).toMatchObject({ code, stdout: "" });
      expect(result.stderr).toContain(says);
    }
    expect(readFileSync(file, "utf8")).toBe("mine");
  });
});

describe("verify", () => {
  test("reports a sound database and counts the grants while the server runs", async () => {
    await obtainTokens(server, server.demo!);
    const { ok, findings, grants } = await runJson<{ ok: boolean; findings: string[]; grants: { active: number } }>(
      ["verify"],
      here(),
    );
    expect({ ok, findings }).toEqual({ ok: true, findings: [] });
    expect(grants.active).toBeGreaterThan(0);
    expect((await runSymbolon(["verify", "--quick"], here())).stdout).toContain("The database is sound.");
  });

  test("reports a damaged page with exit code 1", async () => {
    for (let at = 0; at < 3; at++) await obtainTokens(server, server.demo!);
    const file = join(temporaryDirectory(), "damaged.sqlite");
    await runJson(["backup", "--to", file], here());
    const bytes = readFileSync(file);
    bytes.fill(0xa5, 4096 * 2);
    writeFileSync(file, bytes);
    const { code, stdout, stderr } = await runSymbolon(["verify"], { data: restore(file) });
    expect(code).toBe(1);
    expect(stdout + stderr).not.toContain("The database is sound.");
  });

  test("fails without a data directory", async () => {
    const { code, stderr } = await runSymbolon(["verify"], { data: join(temporaryDirectory(), "none") });
    expect(code).toBe(1);
    expect(stderr).toContain("There is no data in");
  });
});

test("ST-01, OP-01: database, log and backup hold no token, secret or password", async () => {
  const demo = server.demo!;
  const first = await obtainTokens(server, demo);
  const second = await refreshRequest(server, demo, first.refresh_token);
  await refreshRequest(server, demo, `${first.refresh_token.slice(0, -1)}A`);
  await fetch(`${server.url}/oauth/authorize?client_id=${first.access_token}&state=${first.refresh_token}`);
  await fetch(`${server.url}/oauth/token`, {
    method: "POST",
    body: new URLSearchParams({ client_id: demo.client_secret, client_secret: demo.password, grant_type: "x" }),
  });
  const app = await runJson<{ client_secret: string }>(["app", "create", "--name", "N"], here());
  await runSymbolon(["account", "create", "--email", "a@b.example", "--password-stdin"], {
    ...here(),
    input: "a very good password",
  });
  const backup = join(temporaryDirectory(), "b.sqlite");
  await runJson(["backup", "--to", backup], here());

  const files = readdirSync(server.data)
    .filter((name) => name !== "keyring.json")
    .map((name) => join(server.data, name));
  const places = [server.log(), ...[...files, backup].map((path) => readFileSync(path, "latin1"))];
  expect(files.map((path) => path.slice(server.data.length + 1))).toContain("symbolon.sqlite-wal");
  expect(server.log()).toContain("client.auth_failed");
  const secrets = [
    ...Object.values(first),
    String(second.body["access_token"]),
    String(second.body["refresh_token"]),
    demo.client_secret,
    demo.password,
    app.client_secret,
    "a very good password",
    readFileSync(join(server.data, "keyring.json"), "utf8").match(/"pepper": "([^"]+)"/)![1]!,
  ];
  for (const secret of secrets) expect(places.filter((place) => place.includes(secret))).toEqual([]);
});
