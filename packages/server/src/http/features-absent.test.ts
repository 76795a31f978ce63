import { beforeAll, describe, expect, test } from "vitest";
import { authorizeUrl, browserOf, hiddenFields, obtainTokens, post, signIn } from "../../test/flows.ts";
import { basic, makeWorld, password, redirectUri, type World } from "../../test/world.ts";
import { watchedStore } from "../../test/watched-store.ts";

let world: World;
let watched: ReturnType<typeof watchedStore>;
let metadata: Record<string, unknown>;
let bearer: string;
beforeAll(async () => {
  watched = watchedStore();
  world = await makeWorld({ store: watched.store });
  await world.addApplication("app");
  await world.addAccount("ann@app.example");
  metadata = (
    await world.app.inject({
      method: "GET",
      url: "/.well-known/oauth-authorization-server",
      headers: { host: "localhost:8787" },
    })
  ).json();
  bearer = `Bearer ${(await obtainTokens(world, "app", "ann@app.example")).access_token}`;
});

const writes = () => watched.calls.filter((call) => /\.(insert|change|set|delete|bind)/.test(call));

/** Expects 404 for every method, with and without credentials, and no call of the store. */
async function expectNothingAt(path: string): Promise<void> {
  watched.forget();
  for (const authorization of [undefined, basic("app"), bearer]) {
    for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"] as const) {
      const headers = {
        host: "localhost:8787",
        "content-type": "application/x-www-form-urlencoded",
        ...(authorization === undefined ? {} : { authorization }),
      };
      const answer = await world.app.inject({
        method,
        url: path,
        headers,
        ...(method === "GET" ? {} : { payload: "a=b" }),
      });
      expect([method, path, answer.statusCode]).toEqual([method, path, 404]);
    }
  }
  expect(watched.calls).toEqual([]);
}

const absent: [title: string, paths: string[], member: string | undefined][] = [
  ["AZ-15: pushed requests", ["/oauth/par", "/par", "/as/par"], "pushed_authorization_request_endpoint"],
  [
    "AZ-17: sign-out pages with a redirect",
    ["/oauth/logout", "/logout", "/oauth/end_session", "/sign-out"],
    "end_session_endpoint",
  ],
  [
    "WB-10: a developer portal",
    [
      "/portal",
      "/apps",
      "/applications",
      "/oauth/applications",
      "/oauth/applications/app",
      "/oauth/applications/app/secrets",
      "/developer",
    ],
    undefined,
  ],
  [
    "WB-13: registration",
    ["/register", "/oauth/register", "/oauth/register/app", "/oauth/clients", "/connect/register"],
    "registration_endpoint",
  ],
  [
    "WB-15: sign-up, account linking and sign-in by others",
    ["/sign-up", "/signup", "/oauth/sign-up", "/account", "/account/link", "/oauth/callback", "/login/google"],
    undefined,
  ],
  [
    "RV-07: a page of connected applications",
    ["/connected", "/oauth/grants", "/oauth/authorized_applications", "/account/apps"],
    undefined,
  ],
  [
    "OP-08: admin and metrics",
    [
      "/metrics",
      "/admin",
      "/oauth/admin",
      "/debug/pprof",
      "/status",
      "/env",
      "/actuator",
      "/server-status",
      "/.well-known/security.txt",
    ],
    undefined,
  ],
  [
    "OP-12: device, key, user-info and session endpoints",
    [
      "/oauth/device",
      "/oauth/device_authorization",
      "/oauth/jwks",
      "/.well-known/jwks.json",
      "/oauth/userinfo",
      "/oauth/check_session",
    ],
    "jwks_uri",
  ],
];

describe("AZ-15, AZ-17, WB-10, WB-13, WB-15, RV-07, OP-08, OP-12: absent endpoints answer 404 and are not in the metadata", () => {
  test.each(absent)("%s", async (_, paths, member) => {
    for (const path of paths) await expectNothingAt(path);
    if (member !== undefined) expect(metadata).not.toHaveProperty(member);
  });
});

describe("AZ-17: no other parameter redirects the browser", () => {
  const targets = [
    "post_logout_redirect_uri",
    "error_uri",
    "login_hint",
    "target_link_uri",
    "return_to",
    "next",
    "redirect",
    "initiate_login_uri",
    "web_message_uri",
  ];
  test.each(targets)("%s", async (name) => {
    const browser = browserOf(world);
    const stray = { [name]: "https://evil.example/x" };
    const page = await browser.get(authorizeUrl("app", { ...stray, prompt: "login consent" }));
    const entered = await browser.post("/oauth/sign-in", {
      ...hiddenFields(page.body),
      ...stray,
      email: "ann@app.example",
      password,
    });
    expect(entered.location).toMatch(/^\/oauth\/consent\?/);
    const consent = await browser.get(entered.location);
    const left = await browser.post("/oauth/sign-out", { ...hiddenFields(consent.body), ...stray });
    expect([left.status, left.location]).toEqual([303, expect.stringMatching(/^\/oauth\/consent\?/)]);
    const bad = await browser.get(authorizeUrl("app", { ...stray, scope: "nonsense", prompt: "none" }));
    for (const { location } of [entered, left, bad]) expect(location).not.toContain("evil");
    expect(page.headers["content-security-policy"]).not.toContain("evil");
  });
});

describe("WB-11: paging parameters are ignored", () => {
  test.each(["cursor", "page", "page_token", "after", "limit", "sort", "filter", "order_by"])(
    "%s changes no answer",
    async (name) => {
      for (const value of ["1", "eyJpZCI6MX0", "' OR 1=1 --", "-1", "id; DROP TABLE grants"]) {
        const form = { token: bearer.slice(7), [name]: value };
        expect((await post(world, "/oauth/introspect", form, { authorization: basic("app") })).json()).toMatchObject({
          active: true,
        });
      }
    },
  );
});

describe("WB-13, WB-15: extra parameters create or change no application and no account", () => {
  const extra = {
    role: "admin",
    skip_consent: "true",
    owner_id: "1",
    verified: "true",
    "constructor.prototype": "x",
    email_verified: "true",
    sub: "other",
    client_name: "Evil",
    redirect_uris: "https://evil.example",
  };
  test("at the token endpoint, sign-in and consent", async () => {
    const before = [await world.store.applications.list(), await world.store.accounts.findByEmail("ann@app.example")];
    const browser = browserOf(world);
    watched.forget();
    expect(
      (
        await post(
          world,
          "/oauth/token",
          { grant_type: "client_credentials", ...extra },
          { authorization: basic("app") },
        )
      ).status,
    ).toBe(200);
    const consent = await signIn(browser, authorizeUrl("app", { ...extra, prompt: "consent" }), "ann@app.example");
    const done = await browser.post("/oauth/consent", { ...hiddenFields(consent.body), ...extra, decision: "allow" });
    expect(done.location.startsWith(redirectUri)).toBe(true);
    expect(writes().filter((call) => /^(accounts|applications|resourceServers)\./.test(call))).toEqual([]);
    expect([await world.store.applications.list(), await world.store.accounts.findByEmail("ann@app.example")]).toEqual(
      before,
    );
  });
  test("skip_consent does not skip consent", async () => {
    const page = await signIn(
      browserOf(world),
      authorizeUrl("app", { ...extra, prompt: "consent", approval_prompt: "auto" }),
      "ann@app.example",
    );
    expect(page.body).toContain("<h1>Consent</h1>");
  });
  test("WB-15: rejects a second account with the same e-mail address", async () => {
    const first = await world.store.accounts.findByEmail("ann@app.example");
    expect(
      await world.store.accounts.insert({ ...first!, id: crypto.randomUUID() as never, passwordHash: "theirs" }),
    ).toBe(false);
    expect(await world.store.accounts.findByEmail("ann@app.example")).toEqual(first);
  });
});

describe("WB-19: no page sends messages to another window", () => {
  test("refuses response_mode=web_message and the like, and no page contains a script", async () => {
    for (const mode of ["web_message", "post_message", "web_message_iframe"]) {
      const answer = await browserOf(world).get(authorizeUrl("app", { response_mode: mode }));
      expect(answer.body + answer.location).not.toContain("code=");
      expect(answer.body).not.toMatch(/<script|postMessage|opener/);
    }
    expect(metadata["response_modes_supported"]).toEqual(["query"]);
    const page = await browserOf(world).get(authorizeUrl("app"));
    expect(page.headers["content-security-policy"]).toContain("default-src 'none'");
    expect(page.body).not.toMatch(/<script|<iframe/);
  });
});

describe("OP-08: health answers reveal nothing", () => {
  test("answers one word, with any credentials or none", async () => {
    for (const headers of [{}, { authorization: basic("app") }, { authorization: bearer }])
      expect(
        (await world.app.inject({ method: "GET", url: "/health", headers: { host: "localhost:8787", ...headers } }))
          .body,
      ).toBe('{"status":"ok"}');
    expect((await world.app.inject({ method: "GET", url: "/ready", headers: { host: "localhost:8787" } })).body).toBe(
      '{"status":"ready"}',
    );
  });
});
