import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openSqliteStore, type SqliteStore } from "@symbolon/store-sqlite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { authorizeUrl, browserOf, hiddenFields, obtainTokens, post, refresh } from "../../test/flows.ts";
import { basic, makeWorld, password, type World } from "../../test/world.ts";

const corpus = [
  "'",
  '"',
  "`",
  "\\",
  "\\'",
  ";",
  "--",
  "/*",
  "*/",
  "#",
  "' OR '1'='1",
  "' OR 1=1 --",
  '" OR ""="',
  "1 OR 1=1",
  "1; DROP TABLE grants",
  "'; DELETE FROM grants; --",
  "' UNION SELECT password_hash FROM accounts --",
  "x' AND (SELECT count(*) FROM sqlite_master) > 0 --",
  "'||(SELECT name FROM sqlite_master)||'",
  "') OR ('a'='a",
  "%",
  "_",
  "%%",
  "a%' ESCAPE '",
  "?",
  "?1",
  ":id",
  "@id",
  "$id",
  "NULL",
  "null",
  "0x27",
  "char(39)",
  "\u02bc OR 1=1",
  "\uff07 OR 1=1",
  "ATTACH DATABASE '/tmp/x' AS y",
  "load_extension('x')",
  "randomblob(1e9)",
  "WITH RECURSIVE r AS (SELECT 1 UNION ALL SELECT 1 FROM r) SELECT * FROM r",
  '{"$gt":""}',
  "[$ne]=",
  "*)(uid=*",
  "../../etc/passwd",
  "${7*7}",
  "{{7*7}}",
  "%27%20OR%201=1",
  "\u0000' OR 1=1",
  "app_one\u0000",
];

let folder: string;
let store: SqliteStore;
let world: World;
let tokens: { access_token: string; refresh_token: string };
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "symbolon-injection-"));
  store = openSqliteStore({ path: join(folder, "symbolon.sqlite") });
  world = await makeWorld({ store });
  await world.addApplication("app_one");
  await world.addApplication("app_two");
  await world.addResourceServer("rs_api");
  await world.addAccount("ann@app.example");
  tokens = await obtainTokens(world, "app_one", "ann@app.example");
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Every row of every table, and the schema, read from the file. */
function everything(): string {
  const database = new DatabaseSync(join(folder, "symbolon.sqlite"), { readOnly: true });
  const tables = database.prepare("SELECT name, sql FROM sqlite_master ORDER BY name").all() as {
    name: string;
    sql: string | null;
  }[];
  const rows = tables
    .filter(({ sql }) => sql?.startsWith("CREATE TABLE"))
    .map(({ name }) => [name, database.prepare(`SELECT * FROM "${name}"`).all()]);
  database.close();
  return JSON.stringify([tables, rows]);
}

/** Sends each text of the corpus, and expects rows and schema to be unchanged. */
async function inject(
  send: (text: string) => Promise<{ status: number; body: string }>,
  allowed: readonly number[],
): Promise<void> {
  const before = everything();
  for (const text of corpus) {
    const { status, body } = await send(text);
    expect([text, allowed.includes(status) ? "as expected" : status]).toEqual([text, "as expected"]);
    expect(body).not.toMatch(/SQLITE_|CREATE TABLE|plain:|syntax error|"active":true/);
    world.advance(60);
  }
  expect(everything()).toBe(before);
}

const asOne = { authorization: basic("app_one") };

describe("ST-03: injection at the token endpoint, introspection and revocation", () => {
  const valid: Record<string, Record<string, string>> = {
    "/oauth/token": {
      grant_type: "refresh_token",
      refresh_token: "x",
      code: "x",
      code_verifier: "v".repeat(43),
      redirect_uri: "x",
      scope: "read",
      resource: "https://a.example",
      refresh_intent: "x",
      expires_in: "1",
    },
    "/oauth/introspect": { token: "x", token_type_hint: "access_token" },
    "/oauth/introspect/batch": { tokens: "x" },
    "/oauth/revoke": { token: "x", token_type_hint: "access_token" },
  };
  test.each(
    Object.entries(valid).flatMap(([path, form]) =>
      [...Object.keys(form), "client_id", "client_secret"].map((name) => [path, name] as const),
    ),
  )("%s, %s", async (path, name) => {
    const inHeader = name !== "client_id" && name !== "client_secret";
    const others: Record<string, string> = inHeader ? {} : { client_id: "app_one", client_secret: "x" };
    await inject(
      (text) => post(world, path, { ...valid[path], ...others, [name]: text }, inHeader ? asOne : {}),
      [200, 400, 401, 429],
    );
  });
  test("the grant type, and a token with a suffix", async () => {
    await inject((text) => post(world, "/oauth/token", { grant_type: text }, asOne), [400]);
    await inject((text) => post(world, "/oauth/introspect", { token: tokens.access_token + text }, asOne), [200]);
    await inject((text) => post(world, "/oauth/revoke", { token: tokens.access_token + text }, asOne), [200]);
  });
  test("Basic credentials, in id and secret", async () => {
    const encoded = (text: string) => encodeURIComponent(text).replaceAll("'", "%27");
    await inject(
      (text) =>
        post(world, "/oauth/token", { grant_type: "client_credentials" }, { authorization: basic(encoded(text), "x") }),
      [401],
    );
    await inject(
      (text) =>
        post(
          world,
          "/oauth/token",
          { grant_type: "client_credentials" },
          { authorization: basic("app_one", encoded(text)) },
        ),
      [401, 429],
    );
    await inject(
      (text) => post(world, "/oauth/introspect", { token: "x" }, { authorization: basic(`rs_${encoded(text)}`, "x") }),
      [401],
    );
  });
});

describe("ST-03: injection at the pages", () => {
  test.each([
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "login_hint",
    "resource_hint",
    "resource",
    "prompt",
    "max_age",
    "ui_locales",
  ])("authorize, %s", async (name) => {
    await inject((text) => browserOf(world).get(authorizeUrl("app_one", { [name]: text })), [200, 303, 400]);
  });
  test("e-mail and password", async () => {
    const browser = browserOf(world);
    const fields = hiddenFields((await browser.get(authorizeUrl("app_one"))).body);
    await inject((text) => browser.post("/oauth/sign-in", { ...fields, email: text, password }), [400, 403, 429]);
    await inject(
      (text) => browser.post("/oauth/sign-in", { ...fields, email: `ann@app.example${text}`, password: text }),
      [400, 403, 429],
    );
  });
  test("the sealed transaction, its CSRF value, the decision and the cookies", async () => {
    for (const name of ["transaction", "csrf", "decision", "resource"])
      await inject(
        (text) =>
          browserOf(world).post("/oauth/consent", { transaction: "x", csrf: "x", decision: "allow", [name]: text }),
        [400, 403],
      );
    const printable = (text: string) => text.replace(/[^\x20-\x7e]/g, "?");
    await inject(
      (text) =>
        browserOf(world).get(authorizeUrl("app_one"), {
          cookie: `symbolon-session=${printable(text)}; symbolon-browser=${printable(text)}`,
          "user-agent": printable(text),
        }),
      [200],
    );
  });
  test("names in the path", async () => {
    await inject((text) => browserOf(world).get(`/errors/${encodeURIComponent(text)}`), [404]);
    await inject((text) => browserOf(world).get(`/assets/${encodeURIComponent(text)}`), [404]);
  });
});

test("ST-03: afterwards the database is intact and the tokens are unchanged", async () => {
  expect((await store.verify()).findings).toEqual([]);
  expect((await refresh(world, "app_one", tokens.refresh_token)).status).toBe(200);
  expect(await world.store.grants.list({ limit: 10 })).toHaveLength(1);
});
