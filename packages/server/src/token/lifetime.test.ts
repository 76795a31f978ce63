import { describe, expect, test } from "vitest";
import { introspect, obtainCode, post, redeem, refresh } from "../../test/flows.ts";
import { basic, makeWorld, type World } from "../../test/world.ts";

const ann = "ann@app.example";

async function worldWith(accessTokenLifetimes: number[]): Promise<World> {
  const world = await makeWorld();
  await world.addApplication("app", { accessTokenLifetimes });
  await world.addAccount(ann);
  await world.addResourceServer("rs_api");
  return world;
}

type Ask = (world: World, more: Record<string, string>) => Promise<Awaited<ReturnType<typeof post>>>;
const grants: Record<string, Ask> = {
  authorization_code: async (world, more) => redeem(world, "app", await obtainCode(world, "app", ann), more),
  refresh_token: async (world, more) =>
    refresh(world, "app", (await redeem(world, "app", await obtainCode(world, "app", ann))).json().refresh_token, more),
  client_credentials: (world, more) =>
    post(world, "/oauth/token", { grant_type: "client_credentials", ...more }, { authorization: basic("app") }),
};

describe.each(Object.keys(grants))(
  "RFC 6749 §5.1: expires_in is a choice from what the application may have, %s",
  (name) => {
    const ask = grants[name]!;

    test.each([
      [[], {}, 600],
      [[7200, 60], {}, 7200],
      [[7200, 60], { expires_in: "60" }, 60],
      [[7200, 60], { expires_in: "" }, 7200],
    ])("allowed %j, asked %j: %i", async (allowed, more, seconds) => {
      const world = await worldWith(allowed);
      const answer = (await ask(world, more as Record<string, string>)).json();
      expect(answer.expires_in).toBe(seconds);
      expect((await introspect(world, "rs_api", answer.access_token)).json()).toMatchObject({
        iat: world.now(),
        exp: world.now() + seconds,
      });
      world.advance(seconds - 1);
      expect((await introspect(world, "rs_api", answer.access_token)).json().active).toBe(true);
      world.advance(1);
      expect((await introspect(world, "rs_api", answer.access_token)).json().active).toBe(false);
    });

    test.each(["61", "0", "-60", "060", "60.0", "6e1", "1e30", "NaN", " 60", "60s", "9999999999"])(
      "asked %j: invalid_request",
      async (expires_in) => {
        const world = await worldWith([7200, 60]);
        expect((await ask(world, { expires_in })).json().error).toBe("invalid_request");
      },
    );
  },
);
