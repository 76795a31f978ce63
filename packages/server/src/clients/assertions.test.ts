import { createHmac, generateKeyPairSync, sign } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { post } from "../../test/flows.ts";
import { basic, issuer, makeWorld, secret, type World } from "../../test/world.ts";

let world: World;
beforeAll(async () => {
  world = await makeWorld();
  await world.addApplication("app");
  await world.addApplication("native", { type: "public", authMethod: "none", secrets: [] });
});

const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const publicPem = String(publicKey.export({ type: "spki", format: "pem" }));

/** A valid assertion of RFC 7523 §3, except for what the test changes. */
function assertion(header: object = {}, claims: object = {}): string {
  const body = `${encode({ alg: "ES256", typ: "JWT", ...header })}.${encode({ iss: "app", sub: "app", aud: issuer, jti: "one", iat: world.now(), exp: world.now() + 60, ...claims })}`;
  const { alg } = { alg: "ES256", ...header } as { alg: string };
  if (alg === "none") return `${body}.`;
  if (alg === "HS256") return `${body}.${createHmac("sha256", publicPem).update(body).digest("base64url")}`;
  return `${body}.${sign("sha256", Buffer.from(body), { key: privateKey, dsaEncoding: "ieee-p1363" }).toString("base64url")}`;
}

const jwk = publicKey.export({ format: "jwk" });
const presented: Record<string, () => string> = {
  "CA-07: a perfect one": () => assertion(),
  "CA-07: alg none": () => assertion({ alg: "none" }),
  "CA-07: HS256 under the public key": () => assertion({ alg: "HS256" }),
  "CA-07: the client's secret as its key": () => assertion({ alg: "HS256", kid: secret }),
  "CA-07: an unknown kid": () => assertion({ kid: "../../dev/null" }),
  "CA-07: its own key in the header": () =>
    assertion({ jwk, jku: "https://evil.example/jwks", x5u: "https://evil.example/x5u" }),
  "CA-07: an unknown crit, and b64 false": () => assertion({ crit: ["b64"], b64: false }),
  "CA-08: the token endpoint as audience": () => assertion({}, { aud: `${issuer}/oauth/token` }),
  "CA-08: an array of audiences": () => assertion({}, { aud: [issuer, "https://other.example"] }),
  "CA-08: a prefix as audience": () => assertion({}, { aud: issuer.slice(0, -1) }),
  "CA-10: no end": () => assertion({}, { exp: undefined }),
  "CA-10: an end in a year": () => assertion({}, { exp: world.now() + 31_536_000 }),
  "CA-10: an end as text, 1e308 or null": () => assertion({}, { exp: "1e308", nbf: 1e308, iat: null }),
  "CA-10: made tomorrow": () => assertion({}, { iat: world.now() + 86_400, nbf: world.now() + 86_400 }),
  "CA-11: a key set to fetch": () => assertion({ jku: `${issuer}/jwks` }, { jwks_uri: "https://evil.example/jwks" }),
};
const paths = ["/oauth/token", "/oauth/introspect", "/oauth/introspect/batch", "/oauth/revoke"];
const besides: Record<string, string>[] = [
  {},
  { client_id: "app" },
  { client_id: "native" },
  { client_id: "app", client_secret: secret },
];
const asking = { grant_type: "client_credentials", token: "x", tokens: "x" };

describe("CA-07, CA-08, CA-10, CA-11, RFC 7523 §3: an assertion does not authenticate a client", () => {
  test.each(Object.entries(presented))("%s", async (_, make) => {
    for (const path of paths) {
      for (const more of besides) {
        const answer = await post(world, path, {
          ...asking,
          client_assertion_type: type,
          client_assertion: make(),
          ...more,
        });
        expect([path, answer.status, answer.json().error]).toEqual([path, 401, "invalid_client"]);
      }
    }
  });
  test("CA-01: not together with right credentials in the header", async () => {
    for (const path of paths)
      expect(
        (
          await post(
            world,
            path,
            { ...asking, client_assertion_type: type, client_assertion: assertion() },
            { authorization: basic("app") },
          )
        ).status,
      ).toBe(401);
    expect((await post(world, "/oauth/token", asking, { authorization: basic("app") })).status).toBe(200);
  });
  test("the type alone, another type, or the assertion alone", async () => {
    const forms: Record<string, string>[] = [
      { client_assertion_type: type },
      { client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:saml2-bearer", client_assertion: "x" },
      { client_assertion: "x" },
    ];
    for (const form of forms)
      expect((await post(world, "/oauth/token", { ...asking, client_id: "app", ...form })).json()).toMatchObject({
        error: "invalid_client",
        error_uri: `${issuer}/errors/client_assertion_unsupported`,
      });
  });
});

describe("CA-09: the jti is ignored", () => {
  test("one after the other and fifty at once: refused every time, and not stored", async () => {
    const one = assertion();
    const ask = () => post(world, "/oauth/token", { ...asking, client_assertion_type: type, client_assertion: one });
    const statuses = [
      (await ask()).status,
      ...(await Promise.all(Array.from({ length: 50 }, ask))).map(({ status }) => status),
    ];
    expect(new Set(statuses)).toEqual(new Set([401]));
  });
});

describe("CA-11: no key is registered, fetched or cached", () => {
  test("the metadata lists no assertion method", async () => {
    const described = (
      await world.app.inject({
        method: "GET",
        url: "/.well-known/oauth-authorization-server",
        headers: { host: "localhost:8787" },
      })
    ).json() as Record<string, unknown>;
    const methods = Object.entries(described)
      .filter(([name]) => name.endsWith("auth_methods_supported"))
      .flatMap(([, value]) => value as string[]);
    expect(new Set(methods)).toEqual(new Set(["client_secret_basic", "client_secret_post", "none"]));
    expect(Object.keys(described).filter((name) => /signing_alg|jwks/.test(name))).toEqual([]);
  });
});
