import { parseToken, Sealed, type AccountId, type TokenPointer } from "@symbolon/protocol";
import { beforeEach, describe, expect, test } from "vitest";
import { obtainTokens } from "../../test/flows.ts";
import { issuer, makeWorld, type World } from "../../test/world.ts";
import type { Variant } from "../grants/grant.ts";
import type { PresentedToken } from "../keyring/keyring.ts";
import { describeToken, type IntrospectionResponse } from "./response.ts";

/** RFC 7662 §2.2: an answer is kept with the row of its grant (docs/decisions/0015). */
let world: World;
let answerTo: (pointer: Partial<TokenPointer>, by?: string) => IntrospectionResponse;
beforeEach(async () => {
  world = await makeWorld();
  await world.addApplication("app");
  await world.addAccount("ann@app.example");
  const { access_token } = await obtainTokens(world, "app", "ann@app.example");
  const { pointer } = parseToken(access_token)!;
  const grant = (await world.store.grants.find(pointer.grantId))!;
  const owner = await world.store.accounts.find(grant.owner as AccountId);
  const application = (await world.store.applications.find(grant.application))!;
  const [variant] = grant.variants as [Variant];
  const token: PresentedToken = new Sealed(access_token);
  const active = { grant, variant, application, owner, expiresAt: 0, token, confirms: undefined };
  answerTo = (more, by = issuer) => describeToken({ ...active, pointer: { ...pointer, ...more } }, { issuer: by });
});

describe("I5, IN-09: the kept answer about a grant", () => {
  test("is given again, not computed, for the same token and rows", () => {
    const first = answerTo({});
    expect(answerTo({})).toBe(first);
    expect(Object.isFrozen(first)).toBe(true);
  });

  test.for<[string, Partial<TokenPointer>]>([
    ["of another second", { issuedAt: 5 }],
    ["of another generation", { generation: 7 }],
    ["of another variant", { variant: 3 }],
    ["under another key", { keyId: 9 }],
  ])("is not given for a token %s, whose answer is kept instead", ([, other]) => {
    const first = answerTo({});
    const second = answerTo(other);
    expect(second).not.toBe(first);
    expect(answerTo(other)).toBe(second);
    expect(answerTo({})).not.toBe(second);
  });

  test("is not given in the name of another issuer", () => {
    expect(answerTo({})).toMatchObject({ iss: issuer });
    expect(answerTo({}, "https://other.example")).toMatchObject({ iss: "https://other.example" });
  });
});
