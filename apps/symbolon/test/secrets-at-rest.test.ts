import { createHash, randomBytes } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runJson, runSymbolon, startServer, type RunningServer } from "./start-server.ts";

const password = "a password of the scenario";
let server: RunningServer;
/** Every credential, by its name. */
const secrets = new Map<string, string>();
/** Where it must not be: files by name, and the log. */
const places = new Map<string, Buffer>();

type Form = Record<string, string>;
const cookies = new Map<string, string>();
const client = { id: "", secret: "" };

async function visit(path: string, form?: Form): Promise<{ location: string; html: string }> {
  const cookie = [...cookies].map((pair) => pair.join("=")).join("; ");
  const init = form === undefined ? {} : { method: "POST", body: new URLSearchParams(form) };
  const answer = await fetch(new URL(path, server.url), {
    redirect: "manual",
    headers: { accept: "text/html", cookie },
    ...init,
  });
  for (const line of answer.headers.getSetCookie()) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
    cookies.set(name!, value!);
    if (value !== "") keep(`cookie ${name} ${secrets.size}`, value!);
  }
  return { location: answer.headers.get("location") ?? "", html: await answer.text() };
}
const hidden = (html: string, action: string): Form =>
  Object.fromEntries(
    [
      ...html
        .split("<form")
        .find((form) => form.includes(`action="${action}"`))!
        .matchAll(/type="hidden" name="([^"]*)" value="([^"]*)"/g),
    ].map(([, name, value]) => [name!, value!]),
  );
const keep = (name: string, value: string): string => (secrets.set(name, value), value);

async function tokenEndpoint(form: Form, path = "token"): Promise<Record<string, string>> {
  const answer = await fetch(`${server.url}/oauth/${path}`, {
    method: "POST",
    headers: { authorization: `Basic ${btoa(`${client.id}:${client.secret}`)}` },
    body: new URLSearchParams(form),
  });
  const text = await answer.text();
  return text === "" ? {} : JSON.parse(text);
}

/** Sign-in with a wrong and the right password, consent, code, tokens, refreshes, replays, reuse, revocations. */
async function scenario(round: number): Promise<void> {
  const verifier = keep(`verifier ${round}`, randomBytes(32).toString("base64url"));
  const challenge = createHash("sha256").update(verifier).digest("base64url");
  const asked = new URLSearchParams({
    response_type: "code",
    client_id: client.id,
    redirect_uri: "http://127.0.0.1/callback",
    state: keep(`state ${round}`, randomBytes(16).toString("hex")),
    code_challenge: challenge,
    code_challenge_method: "S256",
    prompt: "login consent",
  });
  const page = await visit(`/oauth/authorize?${asked}`);
  const form = hidden(page.html, "/oauth/sign-in");
  for (const [name, value] of Object.entries(form)) keep(`sign-in ${name} ${round}`, value);
  await visit("/oauth/sign-in", {
    ...form,
    email: "ann@example.com",
    password: keep(`wrong password ${round}`, `not the password ${round}`),
  });
  const { location } = await visit("/oauth/sign-in", { ...form, email: "ann@example.com", password });
  const consent = hidden((await visit(location)).html, "/oauth/consent");
  for (const [name, value] of Object.entries(consent)) keep(`consent ${name} ${round}`, value);
  const left = await visit("/oauth/consent", { ...consent, decision: "allow" });
  const code = keep(`code ${round}`, new URL(left.location).searchParams.get("code")!);
  const redeem = {
    grant_type: "authorization_code",
    code,
    code_verifier: verifier,
    redirect_uri: "http://127.0.0.1/callback",
  };
  const first = await tokenEndpoint(redeem);
  const second = await tokenEndpoint({
    grant_type: "refresh_token",
    refresh_token: first["refresh_token"]!,
    refresh_intent: keep(`intent ${round}`, randomBytes(16).toString("hex")),
  });
  const machine = await tokenEndpoint({ grant_type: "client_credentials" });
  for (const [at, tokens] of [first, second, machine].entries())
    for (const name of ["access_token", "refresh_token"])
      if (tokens[name] !== undefined) keep(`${name} ${round}.${at}`, tokens[name]!);
  await tokenEndpoint({ token: second["access_token"]! }, "introspect");
  await tokenEndpoint({ grant_type: "refresh_token", refresh_token: first["refresh_token"]! });
  await tokenEndpoint(redeem);
  await tokenEndpoint({ token: machine["access_token"]! }, "revoke");
  for (const stray of [first["refresh_token"]!, code, client.secret]) {
    await fetch(`${server.url}/oauth/token?token=${stray}&client_secret=${client.secret}`, {
      method: "POST",
      body: new URLSearchParams({ client_id: stray, grant_type: stray }),
    });
    await fetch(`${server.url}/oauth/token`, {
      method: "POST",
      body: new URLSearchParams({ client_id: stray, client_secret: stray, grant_type: stray }),
    });
    await visit(`/oauth/authorize?client_id=${stray}&state=${stray}&redirect_uri=${stray}`);
    await visit(`/${stray}/${password}`);
  }
}

beforeAll(async () => {
  server = await startServer();
  const at = { data: server.data };
  const app = await runJson<{ client_id: string; client_secret: string }>(
    ["app", "create", "--name", "Acme", "--redirect-uri", "http://127.0.0.1/callback"],
    at,
  );
  Object.assign(client, { id: app.client_id, secret: keep("client secret", app.client_secret) });
  await runSymbolon(["account", "create", "--email", "ann@example.com", "--password-stdin"], {
    ...at,
    input: keep("password", password),
  });
  await scenario(1);
  await runJson(["backup", "--to", join(server.data, "monday.sqlite")], at);
  await runJson(["keys", "rotate"], at);
  keep(
    "rotated secret",
    (await runJson<{ client_secret: string }>(["app", "rotate-secret", client.id], at)).client_secret,
  );
  await scenario(2);
  for (const [name, value] of Object.entries(server.demo!))
    if (/secret|password/.test(name)) keep(`demo ${name}`, value);
  for (const name of readdirSync(server.data))
    if (name !== "keyring.json") places.set(name, readFileSync(join(server.data, name)));
  await runJson(["verify"], at);
  places.set("the log", Buffer.from((await server.stop()).stderr));
  for (const name of readdirSync(server.data))
    if (name !== "keyring.json") places.set(`${name}, after the end`, readFileSync(join(server.data, name)));
}, 60_000);
afterAll(() => void server.kill());

const found = (needle: Buffer): string[] =>
  [...places].filter(([, bytes]) => bytes.includes(needle)).map(([name]) => name);

describe("ST-01, OP-01: secrets at rest after a whole token life", () => {
  test("the scenario has left sessions, codes, tokens of both rounds, and files", () => {
    expect([...places.keys()]).toEqual(
      expect.arrayContaining([
        "symbolon.sqlite",
        "symbolon.sqlite-wal",
        "symbolon.sqlite-shm",
        "monday.sqlite",
        "the log",
        "symbolon.sqlite, after the end",
      ]),
    );
    for (const kind of [
      "cookie symbolon-session",
      "verifier 2",
      "code 2",
      "access_token 2.0",
      "refresh_token 2.1",
      "access_token 2.2",
      "intent 2",
      "consent csrf",
      "rotated secret",
      "demo password",
    ])
      expect(
        [...secrets.keys()].some((name) => name.startsWith(kind)),
        kind,
      ).toBe(true);
    expect(
      new Set([...secrets.values()].map((value) => value.slice(0, 7)).filter((prefix) => prefix.startsWith("sym_"))),
    ).toEqual(new Set(["sym_at_", "sym_rt_", "sym_ac_", "sym_cs_", "sym_se_"]));
    expect(places.get("the log")!.toString()).toContain("code_replayed");
  });
  test("no file holds a secret as it was presented", () => {
    for (const [name, secret] of secrets) expect([name, found(Buffer.from(secret))]).toEqual([name, []]);
  });
  test("no file holds the bytes of a secret, or its hexadecimal, base64 or UTF-16", () => {
    for (const [name, secret] of secrets) {
      const bare = Buffer.from(secret.replace(/^sym_.._/, ""), "base64url");
      const spellings = [
        Buffer.from(secret, "utf16le"),
        Buffer.from(Buffer.from(secret).toString("base64")),
        Buffer.from(Buffer.from(secret).toString("hex")),
      ];
      if (bare.length >= 32 && secret.startsWith("sym_"))
        spellings.push(bare.subarray(-20), Buffer.from(bare.toString("hex")));
      for (const spelling of spellings) expect([name, found(spelling)]).toEqual([name, []]);
    }
  });
  test("no file holds any text in the form of a token", () => {
    for (const [name, bytes] of places)
      expect([name, bytes.toString("latin1").match(/sym_[a-z]{2}_[A-Za-z0-9_-]{8,}/g)]).toEqual([name, null]);
  });
  test("no file but the keyring holds a key or the pepper", () => {
    const ring = readFileSync(join(server.data, "keyring.json"), "utf8").match(/[A-Za-z0-9_-]{43}/g)!;
    expect(ring.length).toBeGreaterThanOrEqual(3);
    for (const key of ring)
      for (const spelling of [Buffer.from(key), Buffer.from(key, "base64url")]) expect(found(spelling)).toEqual([]);
  });
  test("OP-01: no line of the log quotes a query string", () =>
    expect(places.get("the log")!.toString()).not.toMatch(/[?&](?:state|code|token|client_secret|redirect_uri)=/));
  test("ST-06: only the owner can read the files of the data directory", () => {
    for (const name of readdirSync(server.data))
      expect([name, statSync(join(server.data, name)).mode & 0o077]).toEqual([name, 0]);
    expect(statSync(server.data).mode & 0o077).toBe(0);
  });
});
