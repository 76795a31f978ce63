import { beforeEach, describe, expect, test } from "vitest";
import { introspect, obtainTokens, post, refresh } from "../../test/flows.ts";
import { basic, makeWorld, type World } from "../../test/world.ts";

let world: World;
let tokens: { access_token: string; refresh_token: string };
beforeEach(async () => {
  world = await makeWorld();
  await world.addApplication("app");
  await world.addResourceServer("rs_one");
  await world.addResourceServer("rs_two");
  await world.addAccount("ann@app.example");
  tokens = await obtainTokens(world, "app", "ann@app.example");
});

const forged = (at: number): string => `sym_at_${String(at).padStart(64, "A")}`;
const scan = (caller: string, from: number) =>
  post(
    world,
    "/oauth/introspect/batch",
    { tokens: Array.from({ length: 1000 }, (_, at) => forged(from + at)).join(" ") },
    { authorization: basic(caller) },
  );
const scanToTheLimit = async (caller: string): Promise<void> => {
  for (let at = 0; at < 10; at++) expect((await scan(caller, at * 1000)).status).toBe(200);
};
const alarms = () => world.events.filter((event) => event.name === "introspect.refused");

describe("IN-05, RFC 7662 §4: a scan with forged tokens", () => {
  test("ten thousand are answered as inactive, the next with 429, Retry-After and an event", async () => {
    await scanToTheLimit("rs_one");
    expect(alarms()).toEqual([]);
    const answer = await introspect(world, "rs_one", forged(10_000));
    expect([answer.status, answer.json().error, answer.headers["retry-after"]]).toEqual([
      429,
      "temporarily_unavailable",
      "1",
    ]);
    expect(alarms()).toEqual([{ name: "introspect.refused", reason: "client_too_fast", caller: "rs_one" }]);
    world.advance(1);
    expect((await introspect(world, "rs_one", forged(10_001))).body).toBe('{"active":false}');
  });

  test("batches emit the event as well, and their good tokens are answered", async () => {
    await scanToTheLimit("rs_one");
    const answer = await post(
      world,
      "/oauth/introspect/batch",
      { tokens: `${forged(1)} ${tokens.access_token}` },
      { authorization: basic("rs_one") },
    );
    expect(answer.json().results).toMatchObject([{ active: false }, { active: true }]);
    expect(alarms()).toHaveLength(1);
  });

  test("good tokens are answered meanwhile: forged tokens that an API receives do not lock it out", async () => {
    await scanToTheLimit("rs_one");
    expect((await introspect(world, "rs_one", tokens.access_token)).json()).toMatchObject({ active: true });
  });

  test("so are issued tokens that are inactive or of another kind", async () => {
    await refresh(world, "app", tokens.refresh_token);
    world.advance(601);
    await scanToTheLimit("rs_one");
    for (const token of [tokens.access_token, tokens.refresh_token])
      expect((await introspect(world, "rs_one", token)).body).toBe('{"active":false}');
  });

  test("the limit is per caller, not per resource server or address", async () => {
    await scanToTheLimit("rs_one");
    expect((await introspect(world, "rs_two", forged(1))).status).toBe(200);
    expect((await introspect(world, "app", forged(1))).status).toBe(200);
  });

  test("inactive tokens of this server do not count against the limit", async () => {
    world.advance(601);
    const dead = Array.from({ length: 1000 }, () => tokens.access_token).join(" ");
    for (let at = 0; at < 11; at++)
      await post(world, "/oauth/introspect/batch", { tokens: dead }, { authorization: basic("rs_one") });
    expect((await introspect(world, "rs_one", forged(1))).status).toBe(200);
    expect(alarms()).toEqual([]);
  });
});
