import { randomBytes } from "node:crypto";
import { examine, groups, htmlOf, textOf, type Report } from "@symbolon/conformance";
import { emulator, profiles, type Profile } from "@symbolon/emulator";
import { describe, expect, test } from "vitest";
import { candidates, examineCandidate } from "./publish.ts";

const failing = ({ findings }: Report): string[] =>
  findings.filter(({ outcome }) => outcome === "fail").map(({ id }) => id);

/** Servers are started, keys made and passwords hashed: seconds here, and more on a busy machine. */
const patience = { timeout: 120_000 };

describe("the three servers of docs/conformance", patience, () => {
  test("symbolon passes every check, none undecided", async () => {
    const report = await examineCandidate(candidates["symbolon"]!);
    expect(report.findings.filter(({ outcome }) => outcome === "fail" || outcome === "undecided")).toEqual([]);
    expect(report.counts.notOffered).toBe(0);
  });
  test("oidc-provider 9.13.3 with an in-memory store", async () => {
    expect(failing(await examineCandidate(candidates["oidc-provider"]!))).toEqual([]);
  });
  test("@node-oauth/oauth2-server 5.3.0 with an in-memory store", async () => {
    expect(failing(await examineCandidate(candidates["node-oauth2-server"]!))).toEqual([
      "code-replay-revokes",
      "token-repeated",
      "token-empty",
      "rotation-reuse-ends",
    ]);
  });
});

/** Every answer of an emulated server, changed on its way: what a server would be like that breaks one rule. */
type Change = (answer: {
  url: URL;
  method: string;
  status: number;
  headers: Headers;
  /** The body of the request. */
  sent: string;
  body: string;
}) => Partial<{ status: number; body: string }> | void;

async function examineEmulated(profile: Profile, change: Change = () => {}): Promise<Report> {
  await using served = await emulator({ profile });
  served.control.answerConsent("allow");
  const [application] = served.applications;
  const changing = async (input: string | URL, init?: RequestInit): Promise<Response> => {
    const response = await served.fetch(input, init);
    const headers = new Headers(response.headers);
    const answer = {
      url: new URL(input),
      method: init?.method ?? "GET",
      status: response.status,
      headers,
      sent: String(init?.body ?? ""),
      body: await response.text(),
    };
    const { status = answer.status, body = answer.body } = change(answer) ?? {};
    return new Response(body, { status, headers });
  };
  const authorize = async (url: URL): Promise<URL> => {
    const location = (await changing(url, { redirect: "manual" })).headers.get("location");
    if (location === null) throw new Error("no redirect");
    return new URL(location);
  };
  const client = { id: application!.clientId, secret: application!.clientSecret! };
  return await examine(
    { issuer: served.url, client, redirectUri: application!.redirectUris[0]!, scope: "profile", authorize },
    { fetch: changing, random: (length) => randomBytes(length), epochMs: () => 0, progress() {} },
  );
}

const at =
  (path: string, change: Change): Change =>
  (answer) =>
    answer.url.pathname === path ? change(answer) : undefined;
const replacing =
  (from: string | RegExp, to: string): Change =>
  ({ body }) => ({ body: body.replace(from, to) });
const relocating = (edit: (location: URL) => void): Change =>
  at("/authorize", ({ headers }) => {
    const location = headers.get("location");
    if (location === null) return;
    const edited = new URL(location);
    edit(edited);
    headers.set("location", edited.href);
  });

describe("every check can fail", () => {
  test("a strict server passes every check", async () =>
    expect(failing(await examineEmulated(profiles.strict))).toEqual([]));

  test.each<[string, string[], Change]>([
    [
      "metadata of another issuer",
      ["metadata-issuer"],
      at(
        "/.well-known/oauth-authorization-server",
        replacing(/"issuer":"[^"]*"/, '"issuer":"https://attacker.example"'),
      ),
    ],
    [
      "metadata that is not JSON",
      ["metadata-json"],
      at("/.well-known/oauth-authorization-server", ({ headers }) => headers.set("content-type", "text/plain")),
    ],
    [
      "endpoints over http",
      ["metadata-https"],
      at(
        "/.well-known/oauth-authorization-server",
        replacing(/"introspection_endpoint":"[^"]*"/, '"introspection_endpoint":"http://id.example/introspect"'),
      ),
    ],
    [
      "metadata without PKCE",
      ["metadata-pkce"],
      at("/.well-known/oauth-authorization-server", replacing('"code_challenge_methods_supported":["S256"],', "")),
    ],
    [
      "no response types",
      ["metadata-required"],
      at("/.well-known/oauth-authorization-server", replacing('"response_types_supported":["code"],', "")),
    ],
    [
      "a state that is trimmed",
      ["authorize-state"],
      relocating(({ searchParams }) => searchParams.set("state", searchParams.get("state")!.split(" ")[0]!)),
    ],
    [
      "a state that is trimmed at its ends",
      ["authorize-state"],
      relocating(({ searchParams }) => searchParams.set("state", searchParams.get("state")!.trim())),
    ],
    [
      "another iss",
      ["iss-on-success", "iss-on-error"],
      relocating(({ searchParams }) => searchParams.set("iss", "https://attacker.example")),
    ],
    [
      "another code for every error",
      ["authorize-no-response-type", "authorize-response-type", "authorize-challenge-method"],
      relocating(({ searchParams }) => searchParams.has("error") && searchParams.set("error", "server_error")),
    ],
    [
      "cacheable token responses",
      ["code-answer"],
      at("/token", ({ headers, status }) => (status === 200 ? headers.delete("cache-control") : undefined)),
    ],
    ["no expires_in", ["code-expires-in"], at("/token", replacing(/"expires_in":\d+,/, ""))],
    [
      "errors as plain text",
      ["token-error-json"],
      at("/token", ({ headers, status }) => (status === 400 ? headers.set("content-type", "text/plain") : undefined)),
    ],
    [
      "403 for a wrong secret",
      ["client-wrong-secret", "client-unknown"],
      at("/token", ({ status }) => (status === 401 ? { status: 403 } : undefined)),
    ],
    ["exp in milliseconds", ["introspect-seconds"], at("/introspect", replacing(/"exp":(\d+)/, '"exp":$1000'))],
    [
      "active as text",
      ["introspect-active", "introspect-unknown"],
      at("/introspect", replacing(/"active":(true|false)/, '"active":"$1"')),
    ],
    [
      "a wider scope at refresh, left out of the answer",
      ["refresh-wider"],
      at("/token", ({ body, status }) =>
        status === 400 && body.includes("invalid_scope")
          ? { status: 200, body: '{"access_token":"x","token_type":"Bearer","expires_in":60}' }
          : undefined,
      ),
    ],
    [
      "other members beside active false for revoked tokens only",
      ["introspect-revoked"],
      at("/introspect", ({ sent, body }) =>
        sent.includes("no-such-token")
          ? undefined
          : { body: body.replace('{"active":false}', '{"active":false,"a":1}') },
      ),
    ],
    [
      "other members beside active false",
      ["introspect-silent"],
      at("/introspect", replacing('{"active":false}', '{"active":false,"reason":"expired"}')),
    ],
    [
      "404 for revoking an unknown token",
      ["revoke-unknown"],
      at("/revoke", ({ status }) => (status === 200 ? { status: 404 } : undefined)),
    ],
  ])("%s", async (_what, expected, change) => {
    expect(failing(await examineEmulated(profiles.strict, change))).toEqual(expect.arrayContaining(expected));
  });

  test.each<[string, string[], Profile]>([
    ["a grace period hands out several pairs", ["rotation-ten"], profiles.grace],
    ["code replay revokes nothing", ["code-replay-revokes"], { ...profiles.strict, codeReplayEndsGrant: false }],
    [
      "reuse is refused and revokes nothing",
      ["rotation-reuse-ends"],
      { ...profiles.strict, rotation: { kind: "strict", reuse: "refuse" } },
    ],
    [
      "revoke on use, as Doorkeeper does it",
      ["rotation-ten", "rotation-reuse", "rotation-reuse-ends"],
      {
        ...profiles.strict,
        rotation: { kind: "lazy", again: "another_pair", closedBy: "access_use", reuse: "refuse" },
      },
    ],
  ])("%s", async (_what, expected, profile) => expect(failing(await examineEmulated(profile))).toEqual(expected));

  test("rotation checks are not offered for a server without rotation", async () => {
    const { findings } = await examineEmulated(profiles.none);
    expect(findings.find(({ id }) => id === "rotation-ten")).toMatchObject({ outcome: "not_offered" });
    expect(findings.find(({ id }) => id === "rotation")!.detail).toContain("the same for ever");
  });
});

describe("the report", () => {
  test("lists every check once, as text and as a page, without tokens", async () => {
    const report = await examineEmulated(profiles.strict);
    const ids = Object.values(groups).flatMap((checks) => checks.map(({ id }) => id));
    expect(new Set(ids).size).toBe(ids.length);
    expect(report.findings.map(({ id }) => id)).toEqual(ids);
    for (const rendered of [textOf(report), htmlOf(report), JSON.stringify(report)])
      expect(rendered).not.toMatch(/\b(?:at|rt|secret)_[\w-]{30}/);
    expect(htmlOf(report).match(/<tr id=/g)).toHaveLength(ids.length);
  });

  test("escapes foreign text on the page", () => {
    const finding = {
      id: "x",
      group: "<b>",
      clause: "RFC",
      level: "must",
      requirement: "s",
      outcome: "fail",
      detail: "<script>alert(1)</script>",
    } as const;
    const page = htmlOf({
      issuer: "https://<x>",
      client: "c",
      at: "",
      findings: [finding],
      counts: { passed: 0, failed: 1, advised: 0, undecided: 0, notOffered: 0, observed: 0 },
    });
    expect(page).not.toContain("<script>");
  });
});
