import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pages } from "@symbolon/portal";
import { runJson, runSymbolon, startServer, type RunningServer } from "./start-server.ts";

const names = [
  "<img src=x onerror=alert(1)>",
  '"><svg onload=alert(1)>',
  "'-alert(1)-'",
  "</title><script>alert(1)</script>",
  "javascript:alert(1)",
  "{{7*7}}${7*7}<%=7*7%>#{7*7}",
  "`${alert(1)}`",
  "<!--",
  "&lt;b&gt;<b>",
  "</form><form action=https://evil.example>",
  `Z${"\u0338".repeat(70)}algo`,
  "Goog\u200ble",
  "a\u00adb",
  "-->]]>",
  'x" autofocus onfocus="alert(1)',
  '{"name":"forged"}',
];
const password = "a password of this test";
let server: RunningServer;
const applications: { name: string; id: string }[] = [];

beforeAll(async () => {
  server = await startServer();
  const at = { data: server.data };
  for (const name of names) {
    const { client_id } = await runJson<{ client_id: string }>(
      ["app", "create", `--name=${name}`, "--redirect-uri", "http://127.0.0.1/cb"],
      at,
    );
    applications.push({ name, id: client_id });
  }
  const resources = ["Company/<img src=x onerror=alert(1)>", 'Company/"><script>alert(1)</script>'].flatMap(
    (resource) => ["--resource", resource],
  );
  const made = await runSymbolon(
    ["account", "create", "--email", "ann@example.com", "--password-stdin", ...resources],
    { ...at, input: password },
  );
  if (made.code !== 0) throw new Error(made.stderr);
}, 120_000);
afterAll(async () => void (await server.stop()));

const hostile = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
const challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const addressOf = (id: string, more: Record<string, string> = {}) =>
  `${server.url}/oauth/authorize?${new URLSearchParams({ response_type: "code", client_id: id, redirect_uri: "http://127.0.0.1/cb", state: hostile, login_hint: hostile, code_challenge: challenge, code_challenge_method: "S256", ...more })}`;

async function open(url: string, cookie: string, form?: Record<string, string>) {
  const init = form === undefined ? {} : { method: "POST", body: new URLSearchParams(form) };
  const answer = await fetch(url, {
    ...init,
    redirect: "manual",
    headers: { accept: "text/html", cookie, "user-agent": hostile },
  });
  const cookies = answer.headers.getSetCookie().map((line) => line.split(";")[0]!);
  return {
    html: await answer.text(),
    location: answer.headers.get("location"),
    cookie: [cookie, ...cookies].filter(Boolean).join("; "),
    headers: answer.headers,
  };
}
const fieldsOf = (html: string, action: string): Record<string, string> =>
  Object.fromEntries(
    [
      ...html
        .split("<form")
        .find((form) => form.includes(`action="${action}"`))!
        .matchAll(/type="hidden" name="([^"]*)" value="([^"]*)"/g),
    ].map(([, name, value]) => [name!, value!]),
  );

/** The elements, attributes and addresses of a page: hostile text must not add any. */
function expectInert(markup: string): void {
  const html = withoutOwnScript(markup);
  const tags = [...html.matchAll(/<([a-z0-9]+)((?:\s+[a-z-]+(?:="[^"]*")?)*)\s*>/g)];
  expect(html.replace(/<!doctype html>/, "").match(/<[^/a-z]/g)).toBeNull();
  for (const [, tag, attributes] of tags) {
    expect([
      "html",
      "head",
      "meta",
      "title",
      "link",
      "body",
      "main",
      "div",
      "header",
      "span",
      "img",
      "h1",
      "h2",
      "p",
      "strong",
      "form",
      "input",
      "button",
      "section",
      "ul",
      "li",
      "details",
      "summary",
      "code",
      "dl",
      "dt",
      "dd",
      "bdi",
      "wbr",
      "fieldset",
      "legend",
      "label",
      "a",
      "svg",
      "footer",
    ]).toContain(tag);
    const named = [...attributes!.matchAll(/([a-z-]+)(?:="([^"]*)")?/g)].map(([, name, value = ""]) => ({
      name: name!,
      value,
    }));
    for (const { name, value } of named) {
      expect(name).not.toMatch(/^on|^style$|^srcdoc$/);
      if (/^(?:href|src|action|formaction|content|data)$/.test(name))
        expect(value).not.toMatch(/javascript:|evil\.example|^\w+:\/\//);
    }
    if (tag === "img") expect(attributes).toMatch(/src="\/assets\//);
    if (tag === "form") expect(attributes).toMatch(/action="\/oauth\//);
  }
  expect(html).not.toMatch(/<script|<svg|<iframe|[\u200b\u00ad\u202e]/);
  expect(html).not.toMatch(/\u0338{3}/);
}

/** Without the script that the policy of the sign-in page allows by its digest. */
const withoutOwnScript = (markup: string): string =>
  markup.replace(/<script>([^]*?)<\/script>/g, (script, text: string) =>
    pages.signInScripts.includes(`'sha256-${createHash("sha256").update(text).digest("base64")}'`) ? "" : script,
  );

describe("WB-07: hostile names, states, hints and resources are inert on every page of a real server", () => {
  test("sign-in and consent pages, for every name", async () => {
    for (const { id, name } of applications) {
      const page = await open(addressOf(id), "");
      expectInert(page.html);
      const entered = await open(`${server.url}/oauth/sign-in`, page.cookie, {
        ...fieldsOf(page.html, "/oauth/sign-in"),
        email: "ann@example.com",
        password,
      });
      const consent = await open(new URL(entered.location!, server.url).href, entered.cookie);
      expect([name, consent.html.includes('value="allow"')]).toEqual([name, true]);
      expectInert(consent.html);
      if (name.startsWith("{{")) expect(consent.html).toContain("{{7*7}}${7*7}&lt;%=7*7%&gt;#{7*7}");
      expect(consent.headers.get("content-security-policy")).toContain("default-src 'none'");
      const denied = await open(`${server.url}/oauth/consent`, entered.cookie, {
        ...fieldsOf(consent.html, "/oauth/consent"),
        decision: "deny",
      });
      expect(new URL(denied.location!).searchParams.get("state")).toBe(hostile);
      expect(denied.location).not.toMatch(/[<>"\s]/);
    }
  }, 60_000);
  test("error pages, for every input", async () => {
    const { id } = applications[0]!;
    const bad: Record<string, string>[] = [
      { client_id: hostile },
      { redirect_uri: `https://evil.example/${hostile}` },
      { scope: hostile },
      { response_type: hostile },
      { prompt: hostile },
    ];
    for (const more of bad) expectInert((await open(addressOf(id, more), "")).html);
    for (const path of [
      `/${encodeURIComponent(hostile)}`,
      `/errors/${encodeURIComponent(hostile)}`,
      `/?x=${encodeURIComponent(hostile)}`,
    ])
      expectInert((await open(server.url + path, `symbolon-session=${encodeURIComponent(hostile)}`)).html);
  });
});

describe("OP-02: hostile names in the log and on the terminal", () => {
  test("each event is one line of JSON, and no name, header or state adds an event", async () => {
    await fetch(`${server.url}/oauth/token`, {
      method: "POST",
      headers: { "user-agent": hostile },
      body: new URLSearchParams({
        client_id: '{"name":"forged"}\r\n\u001b[2J\u2028\u202e',
        client_secret: "x",
        grant_type: "x",
      }),
    });
    const lines = server.log().trimEnd().split("\n");
    expect(lines.length).toBeGreaterThan(names.length);
    for (const line of lines) {
      expect((JSON.parse(line) as { name: string }).name).not.toBe("forged");
      expect(line).not.toMatch(/\p{Cc}|[\u2028-\u202e]|<script|onerror/u);
    }
  });
  test("app list and grant list print each name on one line, without control or direction characters", async () => {
    const { stdout } = await runSymbolon(["app", "list"], { data: server.data });
    for (const { id } of applications) expect(stdout.split("\n").filter((line) => line.includes(id))).toHaveLength(1);
    expect(stdout).not.toMatch(/(?!\n)\p{Cc}|[\u2028-\u202e]/u);
  });
  test("app create refuses a name with control or direction characters", async () => {
    for (const name of ["a\u202eb", "a\nb", "a\u001b[2Jb", "a\u2066b", "x".repeat(81), " "]) {
      const { code, stdout } = await runSymbolon(["app", "create", `--name=${name}`], { data: server.data });
      expect([code, stdout]).toEqual([2, ""]);
    }
  });
});
