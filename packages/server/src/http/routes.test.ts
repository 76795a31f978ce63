import { beforeAll, describe, expect, test } from "vitest";
import { basic, makeWorld, type World } from "../../test/world.ts";
import type { Route } from "./route.ts";
import { routes } from "./routes.ts";

const base = "/tenant";
const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"] as const;
const rows = Object.entries<Route>(routes);
const urlOf = ({ path }: Route): string => path.replace("{base}", base).replace(":name", "invalid_grant");
const methodsOf = (route: Route) =>
  methods.filter(
    (method) => method in route || (method === "HEAD" && "GET" in route) || (method === "OPTIONS" && route.cors),
  );

let world: World;
beforeAll(async () => {
  world = await makeWorld({ config: { issuer: `https://id.example${base}` } });
  await world.addApplication("app");
});

const send = (method: string, url: string, headers: Record<string, string> = {}, payload?: string) =>
  world.app.inject({
    method: method as "GET",
    url,
    headers: { host: "id.example", ...headers },
    ...(payload === undefined ? {} : { payload }),
  });

describe("HT-08, RFC 9110 §15.5.6: methods that the table of routes does not list", () => {
  test.each(rows.filter(([, route]) => route.otherMethods === 405))("%s answers 405 with Allow", async (_, route) => {
    const allowed = methodsOf(route);
    for (const method of methods.filter((one) => !allowed.includes(one))) {
      const answer = await send(method, urlOf(route));
      expect([method, answer.statusCode, answer.headers["allow"]]).toEqual([method, 405, allowed.join(", ")]);
    }
  });

  test.each(rows.filter(([, route]) => route.otherMethods === 404))("%s answers 404", async (_, route) => {
    for (const method of methods.filter((one) => !methodsOf(route).includes(one)))
      expect([method, (await send(method, urlOf(route))).statusCode]).toEqual([method, 404]);
  });
});

describe("RFC 8414 §2: the metadata document names the endpoints of the table", () => {
  test("each row with a metadataKey, below the issuer", async () => {
    const document = (await send("GET", urlOf(routes.metadata))).json() as Record<string, unknown>;
    const named = Object.keys(document).filter((key) => key.endsWith("_endpoint"));
    const listed = rows.flatMap(([, { path, metadataKey }]) =>
      metadataKey === undefined ? [] : [{ path, metadataKey }],
    );
    expect(named).toEqual(listed.map(({ metadataKey }) => metadataKey));
    for (const { path, metadataKey } of listed)
      expect(document[metadataKey]).toBe(path.replace("{base}", `https://id.example${base}`));
  });

  test("an alias answers with the same document", async () => {
    const document = (await send("GET", urlOf(routes.metadata))).body;
    for (const path of routes.metadata.aliases)
      expect((await send("GET", path.replace("{base}", base))).body).toBe(document);
  });
});

describe("HT-02: each row limits the length of its body", () => {
  const headers = { "content-type": "application/x-www-form-urlencoded", authorization: basic("app") };
  const limited = rows.flatMap(([name, route]) =>
    "bodyLimit" in route && "POST" in route ? [[name, urlOf(route), route.bodyLimit] as const] : [],
  );
  test.each(limited)("%s", async (_, url, limit) => {
    const statusOf = async (length: number) =>
      (await send("POST", url, headers, `a=${"x".repeat(length - 2)}`)).statusCode;
    expect(await statusOf(limit + 1)).toBe(413);
    expect(await statusOf(limit)).not.toBe(413);
  });
});

describe("answers match the columns of the table", () => {
  test.each(rows.filter(([, { answers }]) => answers === "json" || answers === "page"))(
    "%s answers in its format",
    async (_, route) => {
      const type = route.answers === "json" ? "application/json" : "text/html";
      for (const method of methodsOf(route).filter((one) => one !== "OPTIONS")) {
        const answer = await send(method, urlOf(route));
        expect(answer.headers["content-type"]).toBe(`${type};charset=utf-8`);
      }
    },
  );

  test.each(rows)("%s answers an unknown host only if the row has anyHost", async (_, route) => {
    for (const method of methodsOf(route)) {
      const { statusCode } = await send(method, urlOf(route), { host: "evil.example" });
      expect(statusCode === 421).toBe(route.anyHost !== true);
    }
  });
});
