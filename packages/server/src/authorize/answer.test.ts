import { beforeAll, describe, expect, test } from "vitest";
import { authorizeUrl, browserOf, hiddenFields, signIn } from "../../test/flows.ts";
import { challenge, issuer, makeWorld, password, redirectUri, type World } from "../../test/world.ts";

const native = "com.example.app:/cb";
const withQuery = "https://app.example/cb?tenant=a%20b";
let world: World;
beforeAll(async () => {
  world = await makeWorld();
  await world.addApplication("app_one");
  await world.addApplication("app_query", { redirectUris: [withQuery] });
  await world.addApplication("app_native", { type: "public", authMethod: "none", secrets: [], redirectUris: [native] });
  await world.addAccount("ann@example.com");
});

const rawState = (location: string) => /[?&]state=([^&#]*)/.exec(location)?.[1];
const refused = async (state: string) =>
  (await browserOf(world).get(authorizeUrl("app_one", { state, prompt: "none" }))).location;

/** Signs in, answers the consent page, and returns the redirect. */
async function answered(decision: "allow" | "deny", parameters: Record<string, string> = {}, client = "app_one") {
  const browser = browserOf(world);
  const page = await signIn(browser, authorizeUrl(client, { prompt: "consent", ...parameters }), "ann@example.com");
  return await browser.post("/oauth/consent", { ...hiddenFields(page.body), decision });
}

const states = {
  "2 KiB of letters": "x".repeat(2048),
  "2 KiB of NUL": "\0".repeat(2048),
  "2 KiB of quotation marks and backslashes": '"\\'.repeat(1024),
  "2 KiB of euro signs": `${"€".repeat(682)}xx`,
  "a line break": "a\r\nSet-Cookie: stolen=1\r\n\r\n<script>",
  "non-ASCII letters": "é€𝄞\u202e",
  "a query string": "a=b&code=stolen&iss=https://evil.example#frag",
  "spaces, plus and percent": " +%20%2B%",
  "the name of a prototype": "__proto__",
};

describe.each(Object.entries(states))("AP-11, RFC 6749 §4.1.2: a state of %s comes back byte for byte", (_, state) => {
  test("with a code", async () => {
    const { location } = await answered("allow", { state });
    expect(decodeURIComponent(rawState(location)!)).toBe(state);
  });
  test("with a refusal", async () => expect(decodeURIComponent(rawState(await refused(state))!)).toBe(state));
  test("and is printable ASCII in the header", async () => expect(await refused(state)).toMatch(/^[\x21-\x7e]+$/));
});

describe("AP-11: sign-in and consent carry any state of 2 KiB", () => {
  test.each(Object.entries(states))("%s fits into the request line that the server accepts", async (_, state) => {
    const browser = browserOf(world);
    const page = await browser.get(authorizeUrl("app_one", { state }));
    const answer = await browser.post("/oauth/sign-in", {
      ...hiddenFields(page.body),
      email: "ann@example.com",
      password,
    });
    expect(answer.location).toMatch(/^\/oauth\/consent\?/);
    expect(answer.location.length).toBeLessThan(8 * 1024);
  });
});

describe("AP-11, RFC 6749 §4.1.2.1: a state beyond 2 KiB", () => {
  test.each([
    ["letters", "x".repeat(2049)],
    ["euro signs", "€".repeat(683)],
    ["ten times as many letters", "x".repeat(10_000)],
  ])("of %s is refused, and comes back byte for byte", async (_, state) => {
    const location = await refused(state);
    expect(new URL(location).searchParams.get("error")).toBe("invalid_request");
    expect(decodeURIComponent(rawState(location)!)).toBe(state);
  });
});

describe("AP-12, RFC 9207 §2: iss is on every answer, equal to the issuer", () => {
  test("with a code", async () => {
    const { searchParams } = new URL((await answered("allow")).location);
    expect([...searchParams.keys()]).toEqual(["code", "state", "iss"]);
    expect(searchParams.get("iss")).toBe(issuer);
  });
  test("with access_denied", async () => {
    const { searchParams } = new URL((await answered("deny")).location);
    expect([...searchParams.keys()]).toEqual(["error", "error_description", "error_uri", "state", "iss"]);
    expect(searchParams.get("error")).toBe("access_denied");
    expect(searchParams.get("iss")).toBe(issuer);
  });
  test.each([
    ["invalid_scope", { scope: "nonsense" }],
    ["login_required", { prompt: "none" }],
    ["unsupported_response_type", { response_type: "token" }],
    ["invalid_target", { resource: "x" }],
  ])("with %s", async (error, parameters) => {
    const { searchParams } = new URL((await browserOf(world).get(authorizeUrl("app_one", parameters))).location);
    expect(searchParams.get("error")).toBe(error);
    expect(searchParams.get("iss")).toBe(issuer);
  });
  test("it includes the path of the issuer", async () => {
    const tenant = await makeWorld({ config: { issuer: "https://id.example/tenant", hosts: ["localhost:8787"] } });
    await tenant.addApplication("app_one");
    const answer = await browserOf(tenant).get(`/tenant${authorizeUrl("app_one", { prompt: "none" })}`);
    expect(new URL(answer.location).searchParams.get("iss")).toBe("https://id.example/tenant");
  });
});

describe("RFC 6749 §3.1.2: the answer is appended to the registered redirect URI", () => {
  test("keeps the query of the redirect URI", async () => {
    const { location } = await browserOf(world).get(
      authorizeUrl("app_query", { redirect_uri: withQuery, prompt: "none" }),
    );
    expect(location.startsWith(`${withQuery}&error=login_required&`)).toBe(true);
  });
  test("appends a query to a private scheme, too", async () => {
    expect((await answered("allow", { redirect_uri: native }, "app_native")).location).toMatch(
      /^com\.example\.app:\/cb\?code=sym_ac_[\w-]{64}&state=s%20t%26ate&iss=/,
    );
  });
});

describe("AP-13, RFC 9700 §4.12: the redirect after a form is 303", () => {
  test("from sign-in to the consent page", async () => {
    const browser = browserOf(world);
    const page = await browser.get(authorizeUrl("app_one"));
    const answer = await browser.post("/oauth/sign-in", {
      ...hiddenFields(page.body),
      email: "ann@example.com",
      password,
    });
    expect(answer.status).toBe(303);
    expect(answer.location).toMatch(/^\/oauth\/consent\?transaction=/);
  });
  test.each(["allow", "deny"] as const)("from consent to the application after %s", async (decision) => {
    const answer = await answered(decision);
    expect(answer.status).toBe(303);
    expect(answer.body).toBe("");
  });
  test("a posted request that is refused at once", async () => {
    const form = {
      response_type: "token",
      client_id: "app_one",
      redirect_uri: redirectUri,
      code_challenge: challenge,
      code_challenge_method: "S256",
    };
    expect((await browserOf(world).post("/oauth/authorize", form)).status).toBe(303);
  });
});

describe("AP-14, RFC 9700 §4.2: the redirect leaks nothing", () => {
  test.each(["allow", "deny"] as const)("after %s: sends no referrer, and is not cached", async (decision) => {
    const { headers } = await answered(decision);
    expect(headers).toMatchObject({ "referrer-policy": "no-referrer", "cache-control": "no-store" });
  });
  test.each(["allow", "deny"] as const)("after %s: has no fragment, which clients would compare", async (decision) => {
    expect((await answered(decision)).location).not.toContain("#");
    expect((await answered(decision, { redirect_uri: native }, "app_native")).location).not.toContain("#");
  });
});
