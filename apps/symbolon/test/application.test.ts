import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runJson, runSymbolon, startServer, type RunningServer } from "./start-server.ts";
import { tokenRequest } from "./token-life.ts";

type App = { client_id: string; client_secret?: string } & Record<string, unknown>;

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => void (await server.stop()));

const here = () => ({ data: server.data });
const create = (...flags: string[]) => runJson<App>(["app", "create", "--name", "Acme Payroll", ...flags], here());
const refused = (...flags: string[]) => runSymbolon(["app", "create", ...flags], here());
const clientCredentials = (id: string, secret: string) =>
  tokenRequest(server, { id, secret }, { grant_type: "client_credentials" });

describe("app create, while the server runs", () => {
  test("prints the credentials once, with the names of RFC 7591, and they work at once", async () => {
    const app = await create("--redirect-uri", "https://acme.example/cb", "--redirect-uri", "http://127.0.0.1/cb");
    expect(app).toEqual({
      client_id: expect.stringMatching(/^app_[0-9abcdefghjkmnpqrstvwxyz]{16}$/),
      client_secret: expect.stringMatching(/^sym_cs_[A-Za-z0-9_-]{43}$/),
      client_secret_expires_at: 0,
      client_id_issued_at: expect.any(Number),
      client_name: "Acme Payroll",
      type: "confidential",
      redirect_uris: ["https://acme.example/cb", "http://127.0.0.1/cb"],
      grant_types: ["authorization_code", "refresh_token", "client_credentials"],
      response_types: ["code"],
      token_endpoint_auth_method: null,
      scope: "profile:read payroll:read payroll:write",
      replay: "lazy",
      access_token_lifetimes: [],
      secrets: [{ created_at: expect.any(Number) }],
      suspended: false,
    });
    expect((await clientCredentials(app.client_id, app.client_secret!)).status).toBe(200);
    expect((await clientCredentials(app.client_id, `${app.client_secret!}x`)).status).toBe(401);
  });

  test("prints the secret for an operator with the notice that it is shown once", async () => {
    const { stdout, stderr } = await runSymbolon(
      ["app", "create", "--name", "N", "--redirect-uri", "https://a.example/cb"],
      here(),
    );
    expect(stderr).toBe("");
    expect(stdout).toMatch(/client_secret {2}sym_cs_/);
    expect(stdout).toContain("cannot be shown again");
  });

  test("gives a public application no secret", async () => {
    const app = await create("--type", "public", "--redirect-uri", "com.example.app:/cb");
    expect(app).not.toHaveProperty("client_secret");
    expect(app).toMatchObject({
      type: "public",
      token_endpoint_auth_method: "none",
      secrets: [],
      grant_types: ["authorization_code", "refresh_token"],
    });
  });

  test("AZ-18: accepts cursor://… only with --any-app-scheme, and says what that risks", async () => {
    const flags = ["--name", "Editor", "--type", "public", "--redirect-uri", "cursor://vendor.mcp/callback"];
    const { stderr, code } = await refused(...flags);
    expect(code).toBe(2);
    expect(stderr).toContain("--any-app-scheme");
    const accepted = await runSymbolon(["app", "create", ...flags, "--any-app-scheme"], here());
    expect(accepted.stdout).toContain("cursor://vendor.mcp/callback");
    expect(accepted.stdout).toContain("Any program on a device can register this scheme");
  });

  test("allows client credentials only without a redirect URI", async () => {
    expect(await create()).toMatchObject({
      redirect_uris: [],
      grant_types: ["client_credentials"],
      response_types: [],
    });
  });

  test("stores scope, replay policy, method and lifetimes", async () => {
    const flags = [
      "--scope",
      "read write",
      "--replay",
      "window:120",
      "--auth-method",
      "client_secret_post",
      "--lifetimes",
      "600,3600",
    ];
    expect(await create(...flags)).toMatchObject({
      scope: "read write",
      replay: "window:120",
      token_endpoint_auth_method: "client_secret_post",
      access_token_lifetimes: [600, 3600],
    });
    expect(await create("--replay", "strict")).toMatchObject({ replay: "strict" });
  });

  const bad: [string[], string][] = [
    [[], "--name is needed"],
    [["--name", "a\u202eb"], "--name must be one line"],
    [
      ["--name", "N", "--redirect-uri", "http://acme.example/cb"],
      "--redirect-uri http://acme.example/cb must be https",
    ],
    [
      ["--name", "N", "--redirect-uri", "https://a.example/cb#f", "--redirect-uri", "https://*.example/"],
      "must not hold a wildcard",
    ],
    [["--name", "N", "--redirect-uri", "javascript:alert(1)"], "--redirect-uri javascript:alert(1)"],
    [["--name", "N", "--redirect-uri", "com.example.app:/cb"], "private scheme"],
    [["--name", "N", "--type", "secret"], "--type must be confidential or public, not secret"],
    [["--name", "N", "--type", "public"], "--redirect-uri is needed for a public client"],
    [
      [
        "--name",
        "N",
        "--type",
        "public",
        "--redirect-uri",
        "https://a.example/cb",
        "--auth-method",
        "client_secret_post",
      ],
      "--auth-method does not fit",
    ],
    [["--name", "N", "--auth-method", "private_key_jwt"], "--auth-method must be"],
    [["--name", "N", "--scope", "a  b"], "--scope must be"],
    [["--name", "N", "--replay", "window:0"], "--replay must be"],
    [["--name", "N", "--replay", "window:86401"], "--replay must be"],
    [["--name", "N", "--lifetimes", "600,x"], "--lifetimes must be"],
    [["--name", "N", "--lifetimes", "9"], "--lifetimes must be"],
  ];
  test("refuses every bad value by its flag, and registers nothing", async () => {
    const before = await runJson<{ applications: App[] }>(["app", "list"], here());
    for (const [flags, says] of bad) {
      const { code, stdout, stderr } = await refused(...flags);
      expect({ flags, code, stdout }).toEqual({ flags, code: 2, stdout: "" });
      expect(stderr).toContain(says);
    }
    expect(await runJson(["app", "list"], here())).toEqual(before);
  });
});

describe("app list and app show", () => {
  test("show every application, and no secret of any", async () => {
    const app = await create("--redirect-uri", "https://acme.example/list");
    const { applications } = await runJson<{ applications: App[] }>(["app", "list"], here());
    const shown = await runJson<App>(["app", "show", app.client_id], here());
    expect(applications.find(({ client_id }) => client_id === app.client_id)).toEqual(shown);
    expect(JSON.stringify([applications, shown])).not.toContain("sym_cs_");
    const { stdout } = await runSymbolon(["app", "show", app.client_id], here());
    expect(stdout).toContain("https://acme.example/list");
    expect(stdout).not.toContain("sym_cs_");
  });

  test("an unknown id is refused with the command that lists the known ids", async () => {
    for (const verb of ["show", "rotate-secret", "delete"]) {
      const { code, stderr } = await runSymbolon(["app", verb, "app_0000000000000000"], here());
      expect({ verb, code }).toEqual({ verb, code: 1 });
      expect(stderr).toContain("symbolon app list");
    }
  });

  test("prints no direction character of a name", async () => {
    const { client_id } = await runJson<App>(["app", "create", "--name", "Tricky\u200e"], here());
    const { stdout } = await runSymbolon(["app", "show", client_id], here());
    expect(stdout).toContain("Tricky\u{fffd}");
  });
});

describe("app rotate-secret", () => {
  test("CA-13: the old and the new secret work, then the new one only, at once", async () => {
    const app = await create("--auth-method", "client_secret_basic");
    const second = await runJson<App>(["app", "rotate-secret", app.client_id], here());
    expect(second).toMatchObject({
      client_id: app.client_id,
      live_secrets: 2,
      token_endpoint_auth_method: "client_secret_basic",
    });
    for (const secret of [app.client_secret!, second.client_secret!])
      expect((await clientCredentials(app.client_id, secret)).status).toBe(200);
    const third = await runJson<App>(["app", "rotate-secret", app.client_id, "--retire-old"], here());
    expect(third).toMatchObject({ live_secrets: 1 });
    const statuses = await Promise.all(
      [app, second, third].map(
        async ({ client_secret }) => (await clientCredentials(app.client_id, client_secret!)).status,
      ),
    );
    expect(statuses).toEqual([401, 401, 200]);
  });

  test("--auth-method registers the application with another method, or with any (RFC 7591 §2)", async () => {
    const app = await create("--auth-method", "client_secret_basic");
    const turned = await runJson<App>(
      ["app", "rotate-secret", app.client_id, "--auth-method", "client_secret_post"],
      here(),
    );
    expect(turned).toMatchObject({ token_endpoint_auth_method: "client_secret_post" });
    expect((await clientCredentials(app.client_id, turned.client_secret!)).status).toBe(401);
    const opened = await runJson<App>(["app", "rotate-secret", app.client_id, "--auth-method", "any"], here());
    expect(opened).toMatchObject({ token_endpoint_auth_method: null });
    expect((await clientCredentials(app.client_id, opened.client_secret!)).status).toBe(200);
  });

  test("refuses a public application", async () => {
    const app = await create("--type", "public", "--redirect-uri", "https://a.example/cb");
    const { code, stderr } = await runSymbolon(["app", "rotate-secret", app.client_id], here());
    expect(code).toBe(2);
    expect(stderr).toContain("is public and has no secret");
  });
});

describe("app delete", () => {
  test("ends the application, its tokens and its grants", async () => {
    const app = await create();
    const issued = await clientCredentials(app.client_id, app.client_secret!);
    expect(issued.status).toBe(200);
    expect(await runJson(["app", "delete", app.client_id], here())).toEqual({
      client_id: app.client_id,
      deleted: true,
      revoked_grants: 1,
    });
    expect((await clientCredentials(app.client_id, app.client_secret!)).status).toBe(401);
    const info = await fetch(`${server.url}/oauth/token_info`, {
      headers: { authorization: `Bearer ${String(issued.body["access_token"])}` },
    });
    expect(info.status).toBe(401);
    const { grants } = await runJson<{ grants: object[] }>(["grant", "list", "--app", app.client_id], here());
    expect(grants).toEqual([expect.objectContaining({ state: "revoked", revoked_because: "application_deleted" })]);
    expect((await runSymbolon(["app", "delete", app.client_id], here())).code).toBe(1);
  });
});
