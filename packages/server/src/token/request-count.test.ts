import { Sealed } from "@symbolon/protocol";
import { beforeEach, describe, expect, test } from "vitest";
import { obtainCode, post } from "../../test/flows.ts";
import { makeWorld, redirectUri, secret, verifier, type World } from "../../test/world.ts";

let world: World;
let counted: string[];
beforeEach(async () => {
  world = await makeWorld();
  await world.addApplication("app", { authMethod: null });
  await world.addApplication("public", { type: "public", authMethod: "none", secrets: [] });
  await world.addAccount("ann@app.example");
  counted = [];
  const { limiter } = world.deps;
  world.deps.limiter = {
    ...limiter,
    take: (name, key) => (name === "token_requests" && counted.push(key), limiter.take(name, key)),
  };
});

const tokensOf = async (client_id: string, more: Record<string, string> = {}) => {
  const code = await obtainCode(world, client_id, "ann@app.example");
  const sent = { grant_type: "authorization_code", code, code_verifier: verifier, redirect_uri: redirectUri };
  const { refresh_token } = (await post(world, "/oauth/token", { ...sent, client_id, ...more })).json();
  const { grantId } = world.keyring.read("code", new Sealed(code))!;
  return { refresh_token: String(refresh_token), grantId };
};

describe("OP-13: what the requests at the token endpoint are counted for", () => {
  test("those of a public client for the grant of the code, and of the refresh token", async () => {
    const { refresh_token, grantId } = await tokensOf("public");
    await post(world, "/oauth/token", { grant_type: "refresh_token", client_id: "public", refresh_token });
    expect(counted).toEqual([`public\0${grantId}`, `public\0${grantId}`]);
  });

  test.for<Record<string, string>>([{}, { refresh_token: "sym_rt_x" }, { code: "sym_ac_x" }])(
    "those of a public client without a genuine code or token, for its network: %j",
    async (form) => {
      await post(world, "/oauth/token", { grant_type: "refresh_token", client_id: "public", ...form });
      expect(counted).toEqual(["public\u0000127.0.0.1"]);
    },
  );

  test("those of a confidential client for the client, with any token", async () => {
    const client_secret = secret;
    const { refresh_token } = await tokensOf("app", { client_secret });
    const form = { grant_type: "refresh_token", client_id: "app", client_secret, refresh_token };
    await post(world, "/oauth/token", form);
    expect(counted).toEqual(["app", "app"]);
  });
});
