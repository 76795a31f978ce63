import { describe, expect, test } from "vitest";
import { authorizeUrl } from "../../test/flows.ts";
import { basic, makeWorld } from "../../test/world.ts";

describe("HT-16: the pages of a network are limited in rate", () => {
  const from = (world: Awaited<ReturnType<typeof makeWorld>>, remoteAddress: string, url: string) =>
    world.app.inject({ method: "GET", url, remoteAddress, headers: { host: "localhost:8787", accept: "text/html" } });

  test("beyond 1,000 at once and 50 a second, a page says when to come back; other networks and clients go on", async () => {
    const world = await makeWorld();
    await world.addApplication("app_one");
    const statuses = new Map<number, number>();
    const count = async (url: string, times: number) => {
      for (let at = 0; at < times; at++) {
        const { statusCode } = await from(world, "192.0.2.1", url);
        statuses.set(statusCode, (statuses.get(statusCode) ?? 0) + 1);
      }
    };
    await count(authorizeUrl("app_one"), 600);
    await count("/oauth/consent", 300);
    await count(authorizeUrl("app_none"), 150);
    expect(statuses.get(429)).toBe(50);

    const refused = await from(world, "192.0.2.1", authorizeUrl("app_one"));
    expect([refused.statusCode, refused.headers["retry-after"]]).toEqual([429, "1"]);
    expect(refused.body).toContain("network_too_fast");
    expect((await from(world, "192.0.2.2", authorizeUrl("app_one"))).statusCode).toBe(200);
    const token = await world.app.inject({
      method: "POST",
      url: "/oauth/token",
      remoteAddress: "192.0.2.1",
      headers: {
        host: "localhost:8787",
        authorization: basic("app_one"),
        "content-type": "application/x-www-form-urlencoded",
      },
      payload: "grant_type=client_credentials",
    });
    expect(token.statusCode).toBe(200);
    world.advance(1);
    statuses.clear();
    await count(authorizeUrl("app_one"), 60);
    expect(statuses).toEqual(
      new Map([
        [200, 50],
        [429, 10],
      ]),
    );
  });
});
