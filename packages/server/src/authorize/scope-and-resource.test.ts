import { beforeAll, describe, expect, test } from "vitest";
import { Sealed } from "@symbolon/protocol";
import { authorizeUrl, browserOf, obtainCode, redeem, introspect, signIn } from "../../test/flows.ts";
import { challenge, makeWorld, redirectUri, type World } from "../../test/world.ts";

const api = "https://api.example/v1";
let world: World;
beforeAll(async () => {
  world = await makeWorld();
  await world.addApplication("app_one");
  await world.addApplication("app_read", { scope: ["read"] });
  await world.addApplication("app_odd", { scope: ["constructor", "read"] });
  await world.addResourceServer("rs_api", api);
  await world.addResourceServer("rs_other", "https://other.example");
  await world.addAccount("ann@example.com");
});

const errorOf = async (client: string, parameters: Record<string, string>) =>
  new URL((await browserOf(world).get(authorizeUrl(client, parameters))).location).searchParams.get("error");
const grantOf = async (code: string) =>
  (await world.store.grants.find(world.keyring.read("code", new Sealed(code))!.grantId))!;
const consentPage = async (client: string, parameters: Record<string, string>) =>
  (await signIn(browserOf(world), authorizeUrl(client, { prompt: "consent", ...parameters }), "ann@example.com")).body;

describe("AP-10, RFC 6749 §3.3: a scope that is not allowed", () => {
  test.each([
    ["a scope of another application", "read write"],
    ["an unknown one", "admin"],
    ["another case", "READ"],
    ["two spaces", "read  read"],
    ["a space before", " read"],
    ["a quotation mark", 're"ad'],
    ["a backslash", "re\\ad"],
    ["a line break", "read\nwrite"],
    ["a non-ASCII letter", "réad"],
    ["NUL", "read\0"],
    ["a tab", "read\twrite"],
    ["markup", "<img/onerror=alert(1)>"],
    ["a name of 129 characters", "r".repeat(129)],
    ["101 names", Array.from({ length: 101 }, () => "read").join(" ")],
  ])("%s: invalid_scope", async (_, scope) => expect(await errorOf("app_read", { scope })).toBe("invalid_scope"));

  test("10,000 scopes in a posted request: invalid_scope", async () => {
    const scope = Array.from({ length: 10_000 }, (_, at) => at)
      .join(" ")
      .slice(0, 30_000);
    const form = {
      response_type: "code",
      client_id: "app_read",
      redirect_uri: redirectUri,
      code_challenge: challenge,
      code_challenge_method: "S256",
      scope,
    };
    const { location } = await browserOf(world).post("/oauth/authorize", form);
    expect(new URL(location).searchParams.get("error")).toBe("invalid_scope");
  });

  test("the answer does not repeat it", async () => {
    const { location } = await browserOf(world).get(authorizeUrl("app_read", { scope: "injected-text" }));
    expect(location).not.toContain("injected");
  });
});

describe("RFC 6749 §3.3: what is granted", () => {
  test("a request without scope gets all that the application registered", async () => {
    expect((await grantOf(await obtainCode(world, "app_one", "ann@example.com", { prompt: "consent" }))).scope).toEqual(
      ["read", "write"],
    );
  });
  test("a narrower request gets what it names, and the answer lists it", async () => {
    const code = await obtainCode(world, "app_one", "ann@example.com", { scope: "write", prompt: "consent" });
    expect((await grantOf(code)).scope).toEqual(["write"]);
    expect((await redeem(world, "app_one", code)).json()).toMatchObject({ scope: "write" });
  });
  test("a repeated name counts once", async () => {
    expect(
      (await grantOf(await obtainCode(world, "app_one", "ann@example.com", { scope: "read read", prompt: "consent" })))
        .scope,
    ).toEqual(["read"]);
  });
});

describe("AP-10: the consent page shows scopes as the configuration describes them", () => {
  test("with title and name", async () => {
    const body = await consentPage("app_one", { scope: "read" });
    expect(body).toContain("Read your things");
    expect(body).not.toContain("Change your things");
  });
  test("shows the name of a scope without description, as one that may change something", async () => {
    const page = await consentPage("app_odd", { scope: "constructor" });
    expect(page.replaceAll("&#34;", '"')).toContain('{"name":"constructor","access":"change","title":"constructor"}');
  });
});

describe("AP-20, RFC 8707 §2: a resource that is not allowed", () => {
  test.each([
    ["relative", "/v1"],
    ["with a fragment", `${api}#f`],
    ["with an empty fragment", `${api}#`],
    ["not a URI", "api"],
    ["unknown", "https://unknown.example"],
    ["with a longer path", `${api}/users`],
    ["with a shorter path", "https://api.example"],
    ["on another port", "https://api.example:8443/v1"],
    ["with another query", `${api}?a=b`],
    ["with spaces", "https://api.example/v 1"],
    ["with upper case in the path", "https://api.example/V1"],
  ])("%s: invalid_target", async (_, resource) =>
    expect(await errorOf("app_one", { resource })).toBe("invalid_target"),
  );

  test("one unknown among known ones: invalid_target", async () => {
    const { location } = await browserOf(world).get(
      `${authorizeUrl("app_one", { resource: api })}&resource=https%3A%2F%2Funknown.example`,
    );
    expect(new URL(location).searchParams.get("error")).toBe("invalid_target");
  });
  test("nine resources: invalid_target", async () => {
    const nine = Array.from({ length: 9 }, () => `&resource=${encodeURIComponent(api)}`).join("");
    const { location } = await browserOf(world).get(authorizeUrl("app_one") + nine);
    expect(new URL(location).searchParams.get("error")).toBe("invalid_target");
  });
});

describe("AP-20, RFC 8707 §2: the audience of a token is that of the consent", () => {
  test("the token is active at the requested resource only", async () => {
    const code = await obtainCode(world, "app_one", "ann@example.com", { resource: api, prompt: "consent" });
    const { access_token } = (await redeem(world, "app_one", code)).json();
    expect((await introspect(world, "rs_api", access_token)).json()).toMatchObject({ active: true, aud: api });
    expect((await introspect(world, "rs_other", access_token)).json()).toEqual({ active: false });
  });
  test("ignores upper case in the host and a slash at the end", async () => {
    const code = await obtainCode(world, "app_one", "ann@example.com", {
      resource: "HTTPS://API.example/v1/",
      prompt: "consent",
    });
    expect((await grantOf(code)).audiences).toEqual([api]);
  });
  test("the token request cannot extend it", async () => {
    const code = await obtainCode(world, "app_one", "ann@example.com", { resource: api, prompt: "consent" });
    expect((await redeem(world, "app_one", code, { resource: "https://other.example" })).json()).toMatchObject({
      error: "invalid_target",
    });
  });
});
