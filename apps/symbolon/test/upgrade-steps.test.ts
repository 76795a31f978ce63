import { createHmac, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  runJson,
  runSymbolon,
  startServer,
  temporaryDirectory,
  type DemoCredentials,
  type RunningServer,
} from "./start-server.ts";
import { clientOf, obtainTokens, tokenRequest, useToken, type Tokens } from "./token-life.ts";

const changelog = readFileSync(join(import.meta.dirname, "../../../CHANGELOG.md"), "utf8");
/** The commands that the changelog tells people to run who upgrade. */
const named = changelog
  .split("\n")
  .filter((line) => /^- If you tried it before|^- After restoring/.test(line))
  .flatMap((line) => [...line.matchAll(/`symbolon ([^`]+)`/g)].map(([, command]) => command!));

let server: RunningServer;
let ann: DemoCredentials;
let bob: DemoCredentials;
let resourceServer: { client_id: string; client_secret: string };
let tokens: { ann: Tokens; bob: Tokens };

/** A database in which passwords and secrets are hashed as before, with live grants. */
beforeAll(async () => {
  server = await startServer();
  [ann, bob] = [await register(), await register()];
  tokens = { ann: await obtainTokens(server, ann), bob: await obtainTokens(server, bob) };
  resourceServer = await runJson(["resource-server", "create", "--name", "API"], here());
  const database = new DatabaseSync(join(server.data, "symbolon.sqlite"), { timeout: 5000 });
  const { pepper } = JSON.parse(readFileSync(join(server.data, "keyring.json"), "utf8")) as { pepper: string };
  const oldDigest = (secret: string): string =>
    JSON.stringify([
      [
        createHmac("sha256", Buffer.from(pepper, "base64url")).update(`client_secret\0${secret}`).digest("base64url"),
        1,
      ],
    ]);
  const salt = randomBytes(16).toString("base64").replaceAll("=", "");
  const oldHash = `$argon2id$v=19$m=47104,t=1,p=1$${salt}$${randomBytes(32).toString("base64").replaceAll("=", "")}`;
  database.prepare("UPDATE accounts SET password_hash = ? WHERE email = ?").run(oldHash, ann.email);
  database.prepare("UPDATE applications SET secrets = ? WHERE id = ?").run(oldDigest(bob.client_secret), bob.client_id);
  const { client_id: id, client_secret: secret } = resourceServer;
  database.prepare("UPDATE resource_servers SET secrets = ? WHERE id = ?").run(oldDigest(secret), id);
  database.close();
}, 60_000);
afterAll(async () => void (await server.stop()));

const here = () => ({ data: server.data });
const register = async (): Promise<DemoCredentials> =>
  (await (
    await fetch(`${server.url}/development/demo`, { method: "POST", headers: { "symbolon-demo": "1" } })
  ).json()) as DemoCredentials;
const words = (command: string, id: string): string[] =>
  command.split(" ").map((word) => (word === "ID" || word === "EMAIL" ? id : word));
const introspectAs = async ({ client_id: id, client_secret: secret }: typeof resourceServer): Promise<number> =>
  (
    await fetch(`${server.url}/oauth/introspect`, {
      method: "POST",
      headers: { authorization: `Basic ${btoa(`${id}:${secret}`)}` },
      body: new URLSearchParams({ token: "x" }),
    })
  ).status;
const clientCredentials = async (of: DemoCredentials): Promise<number> =>
  (await tokenRequest(server, clientOf(of), { grant_type: "client_credentials" })).status;

const steps: Record<string, (command: string) => Promise<void>> = {
  "account password EMAIL --password-stdin": async (command) => {
    const password = "correct horse battery staple";
    await expect(obtainTokens(server, ann)).rejects.toThrow("Expected the consent page");
    const set = await runJson(words(command, ann.email), { ...here(), input: password });
    expect(set).toMatchObject({ revoked_grants: 1 });
    expect(await useToken(server, tokens.ann.access_token)).toBe(401); // as the changelog says: its grants end
    const again = await obtainTokens(server, { ...ann, password });
    expect(await useToken(server, again.access_token)).toBe(200);
  },
  "app rotate-secret ID --retire-old": async (command) => {
    expect(await clientCredentials(bob)).toBe(401);
    const rotated = await runJson<{ client_secret: string }>(words(command, bob.client_id), here());
    expect(await clientCredentials({ ...bob, ...rotated })).toBe(200);
    expect(await useToken(server, tokens.bob.access_token)).toBe(200); // New secrets end no token.
  },
  "resource-server rotate-secret ID --retire-old": async (command) => {
    expect(await introspectAs(resourceServer)).toBe(401);
    const rotated = await runJson<typeof resourceServer>(words(command, resourceServer.client_id), here());
    expect(await introspectAs(rotated)).toBe(200);
  },
  "app rotate-secret ID --auth-method any": async (command) => {
    await runJson(words(command, ann.client_id), here());
    const { token_endpoint_auth_method: method } = await runJson<{ token_endpoint_auth_method: unknown }>(
      ["app", "show", ann.client_id],
      here(),
    );
    expect(method ?? null).toBeNull();
  },
  verify: async () => expect((await runSymbolon(["verify"], here())).code).toBe(0),
  restore: async () => {
    expect((await runSymbolon(["restore", "--keep-grants"], here())).stderr).toContain("Stop every server");
  },
  "restore --from": async () => {
    const backup = join(temporaryDirectory(), "backup.sqlite");
    await runJson(["backup", "--to", backup], here());
    await server.stop();
    const restored = await runJson(["restore", "--from", backup, "--keep-grants"], here());
    expect(restored).toMatchObject({ restored: true, replaced_database: expect.any(String) as string });
    server = await startServer(here());
    expect(await useToken(server, tokens.bob.access_token)).toBe(200);
  },
};
/** Has a test of its own: keeper-storing.test.ts. */
const elsewhere = ["token NAME --rejected"];

describe("the steps of the changelog for people who upgrade", () => {
  test("are all run here", () =>
    expect([...new Set(named)].filter((command) => !elsewhere.includes(command)).toSorted()).toEqual(
      Object.keys(steps).toSorted(),
    ));

  test.each(Object.keys(steps))("symbolon %s", async (command) => await steps[command]!(command), 60_000);

  test("say that a new password ends the grants of its account, and a new secret no token", () => {
    expect(changelog).toMatch(
      /`symbolon account password EMAIL --password-stdin`\)\. That ends the sessions and grants/,
    );
    expect(changelog).toMatch(
      /`symbolon resource-server rotate-secret ID --retire-old`\)\. New secrets end no token\./,
    );
  });
});
