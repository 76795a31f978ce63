import { beforeEach, describe, expect, test } from "vitest";
import { StoreUnavailable } from "../index.ts";
import { authorizeUrl } from "../../test/flows.ts";
import { basic, makeWorld, type World } from "../../test/world.ts";
import { watchedStore } from "../../test/watched-store.ts";

let world: World;
let watched: ReturnType<typeof watchedStore>;
beforeEach(async () => {
  watched = watchedStore();
  world = await makeWorld({ store: watched.store });
  await world.addApplication("app_one");
});

const form = { "content-type": "application/x-www-form-urlencoded" };
type Asked = { method?: "GET" | "POST"; url: string; headers?: Record<string, string>; payload?: string };
const ask = ({ method = "GET", url, headers = {}, payload }: Asked) =>
  world.app.inject({
    method,
    url,
    headers: { host: "localhost:8787", accept: "text/html", ...headers },
    ...(payload === undefined ? {} : { payload }),
  });
const token = (payload: string, headers: Record<string, string> = {}): Asked => ({
  method: "POST",
  url: "/oauth/token",
  headers: { ...form, authorization: basic("app_one"), ...headers },
  payload,
});

const refusals: Record<string, [Asked, reason: string]> = {
  "an unknown path": [{ url: "/nothing" }, "page_unknown"],
  "a malformed path": [{ url: "/%zz" }, "headers_malformed"],
  "an unknown host": [{ url: "/", headers: { host: "evil.example" } }, "host_unknown"],
  "another method": [{ url: "/oauth/token" }, "method_not_allowed"],
  "a query at a form endpoint": [{ ...token("a=b"), url: "/oauth/token?a=b" }, "query_not_allowed"],
  "a query at token info": [{ url: "/oauth/token_info?a=b" }, "bearer_endpoint_takes_no_parameters"],
  "another media type": [token("{}", { "content-type": "application/json" }), "content_type_unsupported"],
  "a malformed form": [token("a=%zz"), "form_malformed"],
  "a body that is too large": [token("a=".padEnd(40_000, "b")), "body_too_large"],
  "a page's body of another media type": [
    { method: "POST", url: "/oauth/consent", headers: { "content-type": "text/plain" }, payload: "a" },
    "content_type_unsupported",
  ],
  "a wrong client secret": [token("grant_type=client_credentials", { authorization: basic("app_one", "x") }), ""],
  "an unknown grant type": [token("grant_type=magic"), ""],
  "a forged refresh token": [token("grant_type=refresh_token&refresh_token=sym_rt_x"), ""],
  "a missing bearer token": [{ url: "/oauth/token_info" }, ""],
  "an authorization request of an unknown client": [{ url: authorizeUrl("app_none") }, ""],
  "an authorization request that is answered by redirect": [
    { url: authorizeUrl("app_one", { prompt: "none" }) },
    "login_required",
  ],
  "a sign-in form without a transaction": [
    { method: "POST", url: "/oauth/sign-in", headers: form, payload: "email=a" },
    "",
  ],
};

describe("each refusal has a request id, in its answer and in its line of the log", () => {
  test.each(Object.entries(refusals))("%s", async (_, [asked, reason]) => {
    const { headers, statusCode } = await ask(asked);
    expect(statusCode).toBeGreaterThanOrEqual(300);
    expect(headers["request-id"]).toMatch(/^[A-Za-z0-9_-]{16}$/);
    const lines = world.logged.filter(({ requestId }) => requestId === headers["request-id"]);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ reason: reason === "" ? expect.any(String) : reason });
  });
});

describe("each fault has a request id, in its answer, on its page and in its line of the log", () => {
  const faults: Record<string, [Error, string]> = {
    "an unexpected error": [new TypeError("broken"), "server.fault"],
    "a store that does not answer": [new StoreUnavailable("down"), "store.unavailable"],
  };
  test.each(Object.entries(faults))("%s", async (_, [error, name]) => {
    watched.faults.next = () => error;
    for (const asked of [token("grant_type=client_credentials"), { url: authorizeUrl("app_one") }]) {
      const { headers, body, statusCode } = await ask(asked);
      expect(statusCode).toBeGreaterThanOrEqual(500);
      const id = headers["request-id"] as string;
      expect(world.logged).toContainEqual(expect.objectContaining({ name, requestId: id }));
      if (String(headers["content-type"]).includes("html")) expect(body).toContain(id);
    }
  });
});

describe("request ids", () => {
  test("differ from request to request", async () => {
    const ids = await Promise.all(
      Array.from({ length: 50 }, async () => (await ask({ url: "/x" })).headers["request-id"]),
    );
    expect(new Set(ids).size).toBe(50);
  });

  test("OP-02: are never a client's own text", async () => {
    const mine = { "request-id": "mine", "x-request-id": "mine", "x-correlation-id": "mine", traceparent: "mine" };
    const { headers, body } = await ask({ url: "/nothing", headers: mine });
    expect(JSON.stringify([headers, body, world.logged])).not.toContain("mine");
  });

  test("lead to the events of a request that succeeds, too", async () => {
    await ask(token("grant_type=client_credentials"));
    expect(world.logged).toContainEqual(
      expect.objectContaining({ name: "token.issued", requestId: expect.stringMatching(/^[A-Za-z0-9_-]{16}$/) }),
    );
  });

  test("a refusal that the framework answers is logged once, with the endpoint as the table of routes writes it", async () => {
    await ask({ url: "/errors/sym_at_abcdefghijkl" });
    await ask({ method: "POST", url: "/oauth/revoke?token=sym_at_abcdefghijkl", headers: form, payload: "" });
    expect(world.events).toEqual([
      { name: "request.refused", reason: "page_unknown", endpoint: "none" },
      { name: "request.refused", reason: "query_not_allowed", endpoint: "/oauth/revoke" },
    ]);
  });
});
