import { describe, expect, test } from "vitest";
import { errorOf } from "./testing/errors.ts";
import { createStage } from "./testing/stage.ts";

type Sent = { input: RequestInfo | URL; init: RequestInit; authorization: string | null; body: string };
type Answer = { status: number; challenge?: string } | ((sent: Sent) => Response | Promise<Response>);

const api = "https://api.example/payrolls";
const invalidToken = 'Bearer realm="api", error="invalid_token", error_description="expired"';

/** A grant, and a resource server that gives the answers of a list, and repeats the last. */
async function serving(...answers: Answer[]) {
  const stage = createStage({ kind: "none" });
  const process = stage.process();
  await process.keeper.adopt("1", stage.provider.consent());
  const sent: Sent[] = [];
  const send = async (input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> => {
    const request = new Request(input, { ...init, ...(init.body ? { duplex: "half" } : {}) } as RequestInit);
    const arrived = { input, init, authorization: request.headers.get("authorization"), body: await request.text() };
    sent.push(arrived);
    const answer = answers.length > 1 ? answers.shift()! : answers[0]!;
    if (typeof answer === "function") return answer(arrived);
    return new Response(null, {
      status: answer.status,
      headers: answer.challenge === undefined ? {} : { "www-authenticate": answer.challenge },
    });
  };
  const call = (init?: RequestInit, input: RequestInfo | URL = api, needs: string[] = []) =>
    stage.world.run(process.keeper.fetch("1", { send, needs })(input, init));
  return { ...stage, ...process, sent, call, send };
}

describe("C-09: a 401 causes one refresh and one repeated request, where that does no harm", () => {
  test.each([
    ["without a challenge", undefined],
    ["invalid_token", invalidToken],
  ])("401 %s: refreshed once, sent again once with the new token, and the body too", async (_, challenge) => {
    const { call, sent, provider, record } = await serving(
      { status: 401, ...(challenge && { challenge }) },
      { status: 200 },
    );
    expect((await call({ method: "PUT", body: "hours=40" })).status).toBe(200);
    expect(sent.map(({ authorization, body }) => [authorization, body])).toEqual([
      ["Bearer at-1", "hours=40"],
      ["Bearer at-2", "hours=40"],
    ]);
    expect(provider.posts).toHaveLength(1);
    expect(record().version).toBe(2);
  });

  test("returns a 401 to the new token as well: no loop", async () => {
    const { call, sent, provider } = await serving({ status: 401, challenge: invalidToken });
    expect((await call()).status).toBe(401);
    expect((await call()).status).toBe(401);
    expect(sent).toHaveLength(3);
    expect(provider.posts).toHaveLength(1);
  });

  test.each([
    ["insufficient_scope", 'Bearer error="insufficient_scope", scope="payrolls:write"'],
    ["without quotes", "Bearer error=insufficient_scope"],
    [
      "RFC 9470 §3: insufficient_user_authentication",
      'Bearer realm="api", error="insufficient_user_authentication", max_age="60"',
    ],
  ])("returns a 401 that another token of this grant would not change (%s)", async (_, challenge) => {
    const { call, sent, provider } = await serving({ status: 401, challenge }, { status: 200 });
    const response = await call();
    expect([response.status, response.headers.get("www-authenticate")]).toEqual([401, challenge]);
    expect([sent.length, provider.posts.length]).toEqual([1, 0]);
  });

  test.each([200, 204, 302, 400, 403, 404, 429, 500, 503])("returns status %i without a refresh", async (status) => {
    const { call, sent, provider } = await serving({ status, challenge: invalidToken }, { status: 200 });
    expect((await call()).status).toBe(status);
    expect([sent.length, provider.posts.length]).toEqual([1, 0]);
  });

  test.each(["GET", "head", "OPTIONS", "PUT", "DELETE"])("sends %s again", async (method) => {
    const { call, sent } = await serving({ status: 401 }, { status: 200 });
    expect((await call({ method })).status).toBe(200);
    expect(sent).toHaveLength(2);
  });

  test.each(["POST", "PATCH"])("returns the 401 to %s, and the next call has the new token", async (method) => {
    const { call, sent, provider } = await serving({ status: 401 }, { status: 200 });
    expect((await call({ method, body: "hours=40" })).status).toBe(401);
    expect((await call({ method, body: "hours=40" })).status).toBe(200);
    expect(sent.map(({ authorization }) => authorization)).toEqual(["Bearer at-1", "Bearer at-2"]);
    expect(provider.posts).toHaveLength(1);
  });

  test("sends a POST with an Idempotency-Key again", async () => {
    const { call, sent } = await serving({ status: 401 }, { status: 200 });
    expect((await call({ method: "POST", body: "hours=40", headers: { "idempotency-key": "7" } })).status).toBe(200);
    expect(sent.map(({ body }) => body)).toEqual(["hours=40", "hours=40"]);
  });

  const bytes = (): AsyncGenerator<Uint8Array> =>
    (async function* () {
      yield new TextEncoder().encode("hours=40");
    })();
  test.each<[string, () => [RequestInit | undefined, RequestInfo?]]>([
    ["a stream", () => [{ method: "PUT", body: new Response("hours=40").body! }]],
    ["an async iterable", () => [{ method: "PUT", body: bytes() as unknown as BodyInit }]],
    ["the body of a Request", () => [undefined, new Request(api, { method: "PUT", body: "hours=40" })]],
  ])("%s is gone once it was sent, so it is not sent again", async (_, given) => {
    const { call, sent, provider } = await serving({ status: 401 }, { status: 200 });
    expect((await call(...given())).status).toBe(401);
    expect(sent.map(({ body }) => body)).toEqual(["hours=40"]);
    expect(provider.posts).toHaveLength(1);
  });

  test("recognises a stream on a platform whose streams cannot be iterated", async () => {
    const iterate = Object.getOwnPropertyDescriptor(ReadableStream.prototype, Symbol.asyncIterator)!;
    const { keeper, world } = await serving({ status: 401 });
    let sent = 0;
    const send = async (): Promise<Response> => (sent++, new Response(null, { status: 401 }));
    delete (ReadableStream.prototype as { [Symbol.asyncIterator]?: unknown })[Symbol.asyncIterator];
    try {
      await world.run(keeper.fetch("1", { send })(api, { method: "PUT", body: new Response("hours=40").body! }));
    } finally {
      Object.defineProperty(ReadableStream.prototype, Symbol.asyncIterator, iterate);
    }
    expect(sent).toBe(1);
  });

  test("sends a Request without a body again, unchanged", async () => {
    const { call, sent } = await serving({ status: 401 }, { status: 200 });
    expect(
      (
        await call(
          undefined,
          new Request(api, { headers: { accept: "text/csv", authorization: "Bearer of another user" } }),
        )
      ).status,
    ).toBe(200);
    expect(sent.map(({ authorization }) => authorization)).toEqual(["Bearer at-1", "Bearer at-2"]);
    expect(sent.map(({ init }) => new Headers(init.headers).get("accept"))).toEqual(["text/csv", "text/csv"]);
  });

  test("refreshes once for a hundred calls that are refused at once", async () => {
    const { world, keeper, provider, send } = await serving(
      ({ authorization }) => new Response("", { status: authorization === "Bearer at-1" ? 401 : 200 }),
    );
    provider.faults.push({ afterMs: 500 });
    const responses = await world.run(Promise.all(Array.from({ length: 100 }, () => keeper.fetch("1", { send })(api))));
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]));
    expect(provider.posts).toHaveLength(1);
  });

  test("returns the 401 with its body where no new token is available", async () => {
    const { call, provider } = await serving(() => new Response("why", { status: 401 }));
    provider.end();
    const response = await call();
    expect([response.status, await response.text()]).toEqual([401, "why"]);
  });

  test("does not send a Request again whose method is POST", async () => {
    const { call, sent, provider } = await serving({ status: 401 }, { status: 200 });
    expect((await call(undefined, new Request(api, { method: "POST" }))).status).toBe(401);
    expect([sent.length, provider.posts.length]).toEqual([1, 1]);
  });

  test("cancels the body of the 401 that is not returned", async () => {
    let cancelled = false;
    const body = new ReadableStream({ cancel: () => void (cancelled = true) });
    const { call } = await serving(({ authorization }) =>
      authorization === "Bearer at-1" ? new Response(body, { status: 401 }) : new Response("hours"),
    );
    expect([await (await call()).text(), cancelled]).toEqual(["hours", true]);
  });

  test("sends nothing without a token", async () => {
    const { call, sent, world, keeper } = await serving({ status: 200 });
    await world.run(keeper.revoke("1"));
    expect(await errorOf(call())).toMatchObject({ code: "ended" });
    expect(sent).toEqual([]);
  });

  test("rejects with the signal's reason, and passes the signal to the request", async () => {
    const { call, sent } = await serving({ status: 200 });
    const { signal } = new AbortController();
    await call({ signal });
    expect(sent[0]!.init.signal).toBe(signal);
    await expect(call({ signal: AbortSignal.abort("enough") })).rejects.toBe("enough");
    const aborted = new Request(api, { signal: AbortSignal.abort("enough") });
    await expect(call(undefined, aborted)).rejects.toBe("enough");
    expect(sent).toHaveLength(1);
  });
});

describe("refresh-tokens.md B3.8: keeper.fetch and the scope", () => {
  test("rejects with the missing scopes before a request is sent", async () => {
    const { call, sent } = await serving({ status: 200 });
    expect(await errorOf(call(undefined, api, ["read", "admin"]))).toMatchObject({
      code: "insufficient_scope",
      missing: ["admin"],
    });
    expect(sent).toEqual([]);
    expect((await call(undefined, api, ["read"])).status).toBe(200);
  });

  test("sends where the scope of the grant is unknown", async () => {
    const { call, keeper, provider } = await serving({ status: 200 });
    const { scope: _, ...tokens } = provider.consent();
    await keeper.adopt("1", tokens);
    expect((await call(undefined, api, ["admin"])).status).toBe(200);
  });
});
