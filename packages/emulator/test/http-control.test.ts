import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  emulator,
  newCore,
  stillWorld,
  type Emulator,
  type FirstTokens,
  type GrantView,
  type LoggedRequest,
} from "@symbolon/emulator";
import { applicationOf } from "./application.ts";

let emulated: Emulator;
beforeAll(async () => {
  emulated = await emulator({
    profile: "strict",
    basePath: "/strict",
    applications: [{ name: "<script>alert(1)</script>" }],
  });
});
afterAll(() => emulated.close());

async function post(
  verb: string,
  body: unknown,
  headers: Record<string, string> = { "content-type": "application/json" },
): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${emulated.url}/emulator/control/${verb}`, {
    method: "POST",
    headers,
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}
const get = async <T>(path: string): Promise<T> =>
  (await (await fetch(`${emulated.url}/emulator/control/${path}`)).json()) as T;

describe("the control API over HTTP", () => {
  test("consent, faults, time and the resulting grants", async () => {
    const application = applicationOf(emulated, "sockets");
    const first = (await post("consent", { person: "Grace", scope: "profile" })).body as FirstTokens;
    expect(await post("fault", { what: "drop_answer", operation: "refresh_token", times: 1 })).toEqual({
      status: 200,
      body: { id: "fault_1" },
    });
    await expect(application.refresh(first.refreshToken)).rejects.toThrow("fetch failed");
    expect((await application.refresh(first.refreshToken)).status).toBe(400);
    expect(await get<GrantView[]>("grants")).toMatchObject([
      { person: "Grace", scope: "profile", state: "ended", because: "refresh_token_reuse" },
    ]);
    expect(await get<LoggedRequest[]>("requests?operation=refresh_token")).toMatchObject([
      { fault: "drop_answer", status: 200 },
      { status: 400, error: "invalid_grant" },
    ]);
    const { now } = await get<{ now: number }>("state");
    expect(await post("advance", { seconds: 60 })).toEqual({ status: 200, body: { now: now + 60 } });
  });

  test("every other command works", async () => {
    const { grant } = (await post("consent", {})).body as FirstTokens;
    expect((await post("narrow", { grant, scope: "profile" })).status).toBe(200);
    expect(
      (
        await post("code", {
          redirectUri: "http://127.0.0.1:3000/callback",
          codeChallenge: "x",
          codeChallengeMethod: "plain",
          state: "s",
        })
      ).body,
    ).toEqual({ code: expect.stringMatching(/^code_/) });
    const { clientId } = (
      await post("application", { name: "Second", redirectUris: ["https://app.example/cb"], clientSecret: null })
    ).body as { clientId: string };
    for (const verb of ["suspend", "resume"]) expect((await post(verb, { application: clientId })).status).toBe(200);
    expect((await post("rotate-secret", {})).body).toEqual({ clientSecret: expect.stringMatching(/^secret_/) });
    expect((await post("revoke", { grant })).status).toBe(200);
    expect((await post("answer-consent", { how: "deny" })).status).toBe(200);
    expect((await post("answer-consent", { how: "ask" })).status).toBe(200);
    expect((await post("remove-fault", { id: "fault_1" })).body).toEqual({ removed: true });
    expect((await post("clear-faults", {})).status).toBe(200);
    expect(await get<unknown[]>("faults")).toEqual([]);
    expect(await get<unknown[]>("applications")).toHaveLength(2);
  });

  test.each([
    ["advance", {}, 400, "seconds is missing"],
    ["advance", { seconds: "60" }, 400, "seconds must be a number"],
    ["advance", { seconds: 1, minutes: 2 }, 400, "minutes is unknown here"],
    ["advance", "[1]", 400, "the body must be a JSON object"],
    ["fault", { what: "explode" }, 400, "what must be one of drop_request"],
    ["fault", { what: "delay" }, 400, "ms is missing"],
    ["fault", { what: "status", status: 99 }, 400, "a status from 200 to 599"],
    ["application", { type: "desktop" }, 400, "type must be one of server, client, personal"],
    ["revoke", { grant: "grant_99" }, 404, "there is no grant grant_99"],
  ])("%s %j is refused by name", async (verb, body, status, problem) => {
    const refused = await post(verb, body);
    expect(refused).toEqual({ status, body: { problem: expect.stringContaining(problem) as unknown } });
  });

  test("refuses a form, so that pages of other origins cannot send commands", async () => {
    expect((await post("advance", '{"seconds":60}', { "content-type": "text/plain" })).status).toBe(415);
  });

  test.each([
    [{ host: "attacker.example" }],
    [{ host: "attacker.example:8080" }],
    [{ host: "127.0.0.1:1", origin: "https://attacker.example" }],
    [{ host: "127.0.0.1:1", origin: "http://127.0.0.1:2" }],
    [{ host: "localhost:1", origin: "null" }],
  ])("refuses other hosts and origins: %j", async (headers) => {
    const { handle, control } = newCore({ profile: "strict" }, "http://127.0.0.1:1", stillWorld);
    const asked = { method: "POST", path: "/emulator/control/advance", query: "", body: '{"seconds":60}' };
    const before = control.now();
    const { answer } = await handle({ ...asked, headers: { "content-type": "application/json", ...headers } });
    expect([answer.status, control.now()]).toEqual([403, before]);
  });

  test.each([
    [{ host: "127.0.0.1:1" }],
    [{ host: "localhost:1", origin: "http://localhost:1" }],
    [{ host: "[::1]:1" }],
  ])("accepts its own host names and origin: %j", async (headers) => {
    const { handle } = newCore({ profile: "strict" }, "http://127.0.0.1:1", stillWorld);
    const asked = { method: "POST", path: "/emulator/control/advance", query: "", body: '{"seconds":60}' };
    const { answer } = await handle({ ...asked, headers: { "content-type": "application/json", ...headers } });
    expect(answer.status).toBe(200);
  });

  test("answers an unknown command with the known ones", async () => {
    expect(await post("explode", {})).toMatchObject({
      status: 404,
      body: { commands: expect.arrayContaining(["fault", "advance"]) as unknown },
    });
  });
});

describe("the forms of the emulator's pages", () => {
  const submit = (path: string, fields: Record<string, string>): Promise<Response> =>
    fetch(`${emulated.url}/emulator/${path}`, {
      method: "POST",
      redirect: "manual",
      body: new URLSearchParams(fields),
    });

  test("advance the clock", async () => {
    const before = emulated.control.now();
    const response = await submit("clock", { seconds: "3600" });
    expect([response.status, response.headers.get("location")]).toEqual([303, `${emulated.url}/emulator`]);
    expect(emulated.control.now()).toBe(before + 3600);
  });

  test("add a fault with the fields that are filled in, and clear all", async () => {
    await submit("faults", { what: "status", operation: "", times: "2", status: "503", ms: "", msPerByte: "" });
    expect(emulated.control.faults().map(({ fault }) => fault)).toEqual([{ what: "status", times: 2, status: 503 }]);
    await submit("clear-faults", {});
    expect(emulated.control.faults()).toEqual([]);
  });

  test("end a grant", async () => {
    const { grant } = emulated.control.consent();
    expect((await submit("end-grant", { grant })).headers.get("location")).toBe(`${emulated.url}/emulator/grants`);
    expect(emulated.control.grants().find(({ id }) => id === grant)).toMatchObject({ because: "revoked_by_user" });
  });

  test.each([
    ["clock", { seconds: "soon" }, "seconds must be a number"],
    ["clock", {}, "seconds must be a number"],
    ["faults", { what: "delay", ms: "" }, "ms is missing"],
    ["end-grant", { grant: "grant_99" }, "there is no grant grant_99"],
    ["end-grant", {}, "there is no grant"],
  ])("%s %j: a page names what is wrong", async (path, fields, message) => {
    const response = await submit(path, fields);
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining(message) as unknown]);
  });
});

describe("the emulator's pages", () => {
  const page = async (path: string): Promise<string> => (await fetch(`${emulated.url}${path}`)).text();

  test("the root redirects to them, also below a base path", async () => {
    const response = await fetch(`${emulated.url}/`);
    expect(response.url).toBe(`${emulated.url}/emulator`);
  });

  test("lists applications with their credentials and escapes their names", async () => {
    const text = await page("/emulator");
    expect(text).toContain(emulated.applications[0]!.clientId);
    expect(text).not.toContain("<script>");
  });

  test("lists requests and grants without secrets", async () => {
    const first = (await post("consent", {})).body as FirstTokens;
    await applicationOf(emulated, "sockets").refresh(first.refreshToken);
    const [requests, grants] = await Promise.all([page("/emulator/requests"), page("/emulator/grants")]);
    expect(requests).toContain("refresh_token=[");
    expect(grants).toContain(first.grant);
    for (const text of [requests, grants]) expect(text).not.toContain(first.refreshToken);
  });

  test("lists the assumptions", async () => {
    await using gusto = await emulator({ profile: "gusto" });
    expect(await (await fetch(`${gusto.url}/emulator/assumptions`)).text()).toContain("gusto-rotation");
  });
});

describe("the consent page, without JavaScript", () => {
  const ask = (form?: Record<string, string>) => {
    const query = new URLSearchParams({
      response_type: "code",
      client_id: emulated.applications[0]!.clientId,
      scope: "profile records:read",
      state: "a b",
    });
    return fetch(
      `${emulated.url}/authorize?${query}`,
      form === undefined
        ? { redirect: "manual" }
        : {
            method: "POST",
            redirect: "manual",
            body: new URLSearchParams([...Object.entries(form), ["scope_shown", "1"], ["scope", "profile"]]),
          },
    );
  };

  test("redirects with a code for the ticked scopes and the unchanged state", async () => {
    const shown = await (await ask()).text();
    expect(shown).toMatch(/<form method="post" action="\?response_type=code/);
    expect(shown).not.toMatch(/<script|javascript:/i);
    const back = new URL((await ask({ decision: "allow" })).headers.get("location")!);
    expect(back.searchParams.get("state")).toBe("a b");
    expect(back.searchParams.get("iss")).toBe(emulated.url);
    const now = applicationOf({ ...emulated, applications: emulated.control.applications() }, "sockets");
    expect(
      await now.post("/token", { grant_type: "authorization_code", code: back.searchParams.get("code")! }),
    ).toMatchObject({ status: 200, body: { scope: "profile" } });
  });

  test("redirects with access_denied after Deny", async () => {
    const back = new URL((await ask({ decision: "deny" })).headers.get("location")!);
    expect(back.searchParams.get("error")).toBe("access_denied");
  });
});
