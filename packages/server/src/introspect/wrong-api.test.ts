import { beforeAll, describe, expect, test } from "vitest";
import {
  authorizeUrl,
  browserOf,
  hiddenFields,
  introspect,
  obtainTokens,
  post,
  redeem,
  refresh,
  signIn,
} from "../../test/flows.ts";
import { basic, makeWorld, type World } from "../../test/world.ts";

const payroll = "https://payroll.example";
const files = "https://files.example";
let world: World;
beforeAll(async () => {
  world = await makeWorld();
  await world.addApplication("app");
  await world.addAccount("ann@app.example");
  await world.addResourceServer("rs_payroll", payroll);
  await world.addResourceServer("rs_files", files);
  await world.addResourceServer("rs_nameless");
});

const dead = { active: false };
const verdicts = async (token: string) =>
  Promise.all(["rs_payroll", "rs_files", "rs_nameless"].map(async (rs) => (await introspect(world, rs, token)).json()));
const active = (audience: string) => expect.objectContaining({ active: true, aud: audience });

describe("TK-20, RFC 9700 §4.10.2: a token for one API is refused at another", () => {
  test("a token of an authorization for payroll alone", async () => {
    const { access_token } = await obtainTokens(world, "app", "ann@app.example", { resource: payroll });
    expect(await verdicts(access_token)).toEqual([active(payroll), dead, dead]);
  });
  test("a token of a refresh that was narrowed to files", async () => {
    const browser = browserOf(world);
    const url = `${authorizeUrl("app", { resource: payroll, prompt: "consent" })}&${new URLSearchParams({ resource: files })}`;
    const consent = await signIn(browser, url, "ann@app.example");
    const { location } = await browser.post("/oauth/consent", { ...hiddenFields(consent.body), decision: "allow" });
    const { access_token, refresh_token } = (
      await redeem(world, "app", new URL(location).searchParams.get("code")!)
    ).json();
    expect((await verdicts(access_token)).map(({ active: isActive }) => isActive)).toEqual([true, true, false]);
    const narrowed = (await refresh(world, "app", refresh_token, { resource: files })).json();
    expect(await verdicts(narrowed.access_token)).toEqual([dead, active(files), dead]);
  });
  test("client credentials for one of them, and for both in turn", async () => {
    const ask = async (resource: string) =>
      (
        await post(
          world,
          "/oauth/token",
          { grant_type: "client_credentials", resource },
          { authorization: basic("app") },
        )
      ).json().access_token as string;
    expect(await verdicts(await ask(payroll))).toEqual([active(payroll), dead, dead]);
    expect(await verdicts(await ask(files))).toEqual([dead, active(files), dead]);
  });
  test("the resource server cannot choose the audience", async () => {
    const { access_token } = await obtainTokens(world, "app", "ann@app.example", {
      resource: payroll,
      prompt: "consent",
    });
    const claims: Record<string, string>[] = [
      { resource: payroll },
      { aud: payroll },
      { audience: payroll },
      { client_id: "rs_files", resource: payroll },
    ];
    for (const more of claims) {
      const answer = await post(
        world,
        "/oauth/introspect",
        { token: access_token, ...more },
        { authorization: basic("rs_files") },
      );
      expect(answer.json()).toEqual(dead);
    }
  });
});

describe("IN-11, RFC 9701: answers are plain JSON, never a signed token", () => {
  test.each(["application/token-introspection+jwt", "application/jwt", "*/*", "text/html"])(
    "for Accept: %s",
    async (accept) => {
      const { access_token } = await obtainTokens(world, "app", "ann@app.example", { prompt: "consent" });
      const answer = await post(
        world,
        "/oauth/introspect",
        { token: access_token },
        { authorization: basic("rs_payroll"), accept },
      );
      expect(answer.headers["content-type"]).toBe("application/json;charset=utf-8");
      expect(answer.json()).toMatchObject({ active: true });
      expect(answer.body).not.toMatch(/eyJ|"token_introspection"|sym_/);
      for (const presented of [answer.body, Buffer.from(answer.body).toString("base64url")])
        expect(
          (
            await world.app.inject({
              method: "GET",
              url: "/oauth/token_info",
              headers: { host: "localhost:8787", authorization: `Bearer ${presented}` },
            })
          ).statusCode,
        ).toBeGreaterThanOrEqual(400);
    },
  );
  test("nor does the metadata list one", async () => {
    const answer = await world.app.inject({
      method: "GET",
      url: "/.well-known/oauth-authorization-server",
      headers: { host: "localhost:8787" },
    });
    expect(Object.keys(answer.json()).filter((name) => name.startsWith("introspection_"))).toEqual([
      "introspection_endpoint",
      "introspection_endpoint_auth_methods_supported",
    ]);
  });
});
