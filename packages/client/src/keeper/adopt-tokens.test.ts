import { Sealed } from "@symbolon/protocol";
import { describe, expect, test } from "vitest";
import { wrongType } from "../../test/wrong-type.ts";
import { isClientError } from "../errors/client-error.ts";
import { revealTokens } from "../token/reveal-tokens.ts";
import { sealTokens } from "../token/seal-tokens.ts";
import type { Tokens } from "../token/tokens.ts";
import { errorOf } from "./testing/errors.ts";
import { hour, lazy } from "./testing/given.ts";
import { createStage } from "./testing/stage.ts";

const setUp = () => {
  const stage = createStage(lazy);
  const fresh = stage.provider.consent();
  const tokens: Tokens = {
    accessToken: fresh.accessToken,
    tokenType: "Bearer",
    expiresIn: 3600,
    expiresAt: new Date(stage.world.epochMs() + hour),
    refreshToken: fresh.refreshToken!,
    scope: "read write",
    scopes: ["read", "write"],
    raw: new Sealed("{}"),
  };
  return { ...stage, ...stage.process(), tokens };
};

describe("keeper.adopt takes what a client returned", () => {
  test("with lifetime and scopes", async () => {
    const { keeper, tokens } = setUp();
    await keeper.adopt("1", tokens);
    expect(await keeper.status("1")).toMatchObject({
      state: "active",
      expiresInSeconds: 3600,
      scope: ["read", "write"],
    });
    expect((await keeper.token("1")).accessToken.reveal()).toBe(tokens.accessToken.reveal());
  });
  test("counts the lifetime from the request, not from the adoption", async () => {
    const { world, keeper, tokens } = setUp();
    await world.pass(600_000);
    await keeper.adopt("1", tokens);
    expect((await keeper.status("1")).expiresInSeconds).toBe(3000);
  });
  test("without a lifetime and without scopes", async () => {
    const { keeper, tokens } = setUp();
    const { accessToken, refreshToken, tokenType, raw } = tokens;
    await keeper.adopt("1", { accessToken, refreshToken, tokenType, raw } as Tokens);
    expect((await keeper.status("1")).expiresInSeconds).toBeUndefined();
  });
});

describe("sealTokens brings in tokens that a database has in the clear", () => {
  test("is the inverse of revealTokens", async () => {
    const { keeper, tokens } = setUp();
    const stored = JSON.parse(JSON.stringify(revealTokens(tokens))) as ReturnType<typeof revealTokens>;
    await keeper.adopt("1", sealTokens(stored));
    expect(await keeper.status("1")).toMatchObject({ expiresInSeconds: 3600, scope: ["read", "write"] });
  });
  test("an access token that has expired is refreshed before it is handed out", async () => {
    const { world, provider, keeper, tokens } = setUp();
    const stored = revealTokens(tokens);
    await world.pass(2 * hour);
    await keeper.adopt("1", sealTokens(stored));
    expect((await world.run(keeper.token("1"))).version).toBe(2);
    expect(provider.posts).toHaveLength(1);
  });
  test("takes null for what a row does not have", () => {
    const sealed = sealTokens({ access_token: "AT", refresh_token: null, expires_at: null, scope: null });
    expect(Object.keys(sealed)).toEqual(["accessToken"]);
  });
  test.each([
    ["access_token", { access_token: undefined }],
    ["access_token", { access_token: 5 }],
    ["refresh_token", { access_token: "AT", refresh_token: "[sealed]" }],
    ["expires_at", { access_token: "AT", expires_at: "soon" }],
    ["scope", { access_token: "AT", scope: ["a"] }],
    ["access_token", undefined],
  ])("names %s of %j", (field, stored) => {
    expect(() => sealTokens(wrongType(stored))).toThrow(
      expect.toSatisfy((error) => isClientError(error) && error.field === field),
    );
  });
  test("adopt names what it cannot use", async () => {
    const { keeper } = setUp();
    const wrong = [{ accessToken: "AT" }, { access_token: "AT" }, undefined, "AT"];
    for (const tokens of wrong)
      expect(await errorOf(keeper.adopt("1", wrongType(tokens)))).toMatchObject({
        code: "invalid_input",
        field: expect.stringContaining("tokens"),
      });
    const { accessToken } = sealTokens({ access_token: "AT" });
    for (const expiresAt of ["2026-11-29", 1_800_000_000, new Date("soon")])
      expect(await errorOf(keeper.adopt("1", wrongType({ accessToken, expiresAt })))).toMatchObject({
        code: "invalid_input",
        field: "tokens.expiresAt",
      });
  });
});
