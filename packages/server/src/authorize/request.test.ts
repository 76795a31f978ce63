import { beforeAll, describe, expect, test } from "vitest";
import { browserOf } from "../../test/flows.ts";
import { challenge, issuer, makeWorld, redirectUri, type World } from "../../test/world.ts";

let world: World;
beforeAll(async () => {
  world = await makeWorld();
  await world.addApplication("app_one");
  await world.addApplication("app_suspended", { suspendedAt: 1 });
});

/** The authorization request with some parameters changed; `undefined` omits one. */
function requestWith(changes: Record<string, string | undefined>): URLSearchParams {
  const all = {
    response_type: "code",
    client_id: "app_one",
    redirect_uri: redirectUri,
    code_challenge: challenge,
    code_challenge_method: "S256",
    state: "xyz",
    ...changes,
  };
  return new URLSearchParams(Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined));
}
const get = (query: URLSearchParams | string) => browserOf(world).get(`/oauth/authorize?${query}`);

function expectRedirect(answer: { status: number; location: string }, error: string, state: string | null = "xyz") {
  expect(answer.status).toBe(303);
  const { origin, pathname, searchParams } = new URL(answer.location);
  expect(origin + pathname).toBe(redirectUri);
  expect(searchParams.get("error")).toBe(error);
  expect(searchParams.get("state")).toBe(state);
  expect(searchParams.get("iss")).toBe(issuer);
  expect(searchParams.has("code")).toBe(false);
}

function expectPage(answer: { status: number; location: string; body: string }, reason: string) {
  expect(answer).toMatchObject({ status: 400, location: "" });
  expect(answer.body).toContain(`<p>${reason}</p>`);
}

describe("AP-09, RFC 6749 §4.1.2.1: no redirect for an unknown client", () => {
  test.each([
    ["unknown", "app_none"],
    ["suspended", "app_suspended"],
    ["the name of a prototype", "constructor"],
    ["in another case", "APP_ONE"],
  ])("%s", async (_, client_id) => expectPage(await get(requestWith({ client_id })), "client_unknown_at_authorize"));
  test("missing", async () => expectPage(await get(requestWith({ client_id: undefined })), "parameter_missing"));
  test("a suspended or deleted application gets the same answer as an unknown one", async () => {
    const [gone, suspended] = [
      await get(requestWith({ client_id: "app_none" })),
      await get(requestWith({ client_id: "app_suspended" })),
    ];
    const withoutId = ({ body, headers }: typeof gone) => body.replace(headers["request-id"] as string, "");
    expect(withoutId(suspended)).toBe(withoutId(gone));
  });
});

describe("RFC 6749 §4.1.1, §4.1.2.1: later refusals are sent to the application, with its state", () => {
  test.each<[string, Record<string, string | undefined>, string]>([
    ["response_type missing", { response_type: undefined }, "invalid_request"],
    ["prompt unknown", { prompt: "create" }, "invalid_request"],
    ["prompt none with another value", { prompt: "none login" }, "invalid_request"],
    ["max_age not a number", { max_age: "-1" }, "invalid_request"],
    ["max_age too large", { max_age: "999999999" }, "invalid_request"],
    ["prompt=none without a signed-in user", { prompt: "none" }, "login_required"],
  ])("%s", async (_, changes, error) => expectRedirect(await get(requestWith(changes)), error));

  test("sends no state if the request has none", async () =>
    expectRedirect(await get(requestWith({ state: undefined, prompt: "none" })), "login_required", null));
});

describe("AP-05, RFC 6749 §3.1, RFC 9700 §2.1.2: supports response_type=code only", () => {
  test.each(["token", "id_token", "code token", "none", "CODE", " code", "code ", "code id_token"])(
    "refuses %j",
    async (response_type) => expectRedirect(await get(requestWith({ response_type })), "unsupported_response_type"),
  );
  test("treats an empty one as missing", async () =>
    expectRedirect(await get(requestWith({ response_type: "" })), "invalid_request"));
});

describe("AP-06: supports response_mode=query only", () => {
  test.each(["fragment", "form_post", "web_message", "jwt", "QUERY"])(
    "refuses %s, in the query",
    async (response_mode) => expectRedirect(await get(requestWith({ response_mode })), "invalid_request"),
  );
  test("accepts query, which is the default", async () =>
    expect((await get(requestWith({ response_mode: "query" }))).status).toBe(200));
});

describe("AP-07, RFC 6749 §3.1: repeated, empty and unknown parameters", () => {
  test.each(["response_type=code", "scope=read", "code_challenge_method=S256", "prompt=", "login_hint=a&login_hint=a"])(
    "redirects with invalid_request if %s repeats a parameter",
    async (again) => {
      const request = requestWith({ prompt: "login", scope: "read" });
      expectRedirect(await get(`${request}&${again}`), "invalid_request");
    },
  );
  test("sends no state if it came twice", async () =>
    expectRedirect(await get(`${requestWith({})}&state=abc`), "invalid_request", null));
  test.each(["client_id=app_one", "redirect_uri=x", "client_id="])(
    "shows an error page if %s repeats a parameter",
    async (again) => expectPage(await get(`${requestWith({})}&${again}`), "parameter_repeated"),
  );
  test("names the repeated parameter", async () => {
    const named = (await get(`${requestWith({})}&scope=a&scope=b`)).location;
    expect(new URL(named).searchParams.get("error_description")).toContain("(scope)");
  });
  test("ignores unknown and empty parameters, also where unknown ones repeat", async () =>
    expect(
      (
        await get(
          `${requestWith({ scope: "", login_hint: "", nonce: "n", ui_locales: "de" })}&foo=bar&foo=baz&nonce=2&utm[id]=1`,
        )
      ).status,
    ).toBe(200));
});

describe("AP-08: the request may be posted, and is read from query or body, not both", () => {
  test("shows the same page for a posted request", async () => {
    const page = await browserOf(world).post("/oauth/authorize", Object.fromEntries(requestWith({})));
    expect(page).toMatchObject({ status: 200 });
    expect(page.body).toContain("<h1>Sign in</h1>");
  });
  test("accepts a posted request from another site", async () => {
    const page = await browserOf(world).post("/oauth/authorize", Object.fromEntries(requestWith({})), {
      origin: "https://app.example",
      "sec-fetch-site": "cross-site",
    });
    expect(page.status).toBe(200);
  });
  test.each(["state=other", "scope=write", "x"])("refuses a body together with the query ?%s", async (query) => {
    const answer = await browserOf(world).post(`/oauth/authorize?${query}`, Object.fromEntries(requestWith({})));
    expectPage(answer, "query_not_allowed");
  });
  test("refuses parameters that are split between body and query", async () => {
    const answer = await browserOf(world).post(
      "/oauth/authorize?client_id=app_one",
      Object.fromEntries(requestWith({ client_id: undefined })),
    );
    expectPage(answer, "query_not_allowed");
  });
});

describe("AZ-16, RFC 9101: request objects are refused, not ignored", () => {
  test.each(["e30.e30.", "eyJhbGciOiJub25lIn0.e30.", "x"])("request=%s", async (request) =>
    expectRedirect(await get(requestWith({ request })), "request_not_supported"),
  );
  test.each(["https://evil.example/object", "urn:ietf:params:oauth:request_uri:x"])(
    "request_uri=%s",
    async (request_uri) => expectRedirect(await get(requestWith({ request_uri })), "request_uri_not_supported"),
  );
  test("even if the request is valid without it", async () =>
    expectRedirect(await get(requestWith({ request: "e30.e30.", prompt: "none" })), "request_not_supported"));
});

describe("AP-15, RFC 9700 §4.11: not an open redirector", () => {
  test("redirects only after client and redirect URI are validated", async () => {
    for (const more of [
      { response_type: "token" },
      { prompt: "none" },
      { scope: "nonsense" },
      { code_challenge: undefined },
      { request: "x" },
    ]) {
      expectPage(
        await get(requestWith({ redirect_uri: "https://evil.example/cb", ...more })),
        "redirect_uri_unregistered",
      );
      expectPage(await get(requestWith({ client_id: "app_none", ...more })), "client_unknown_at_authorize");
    }
  });
});
