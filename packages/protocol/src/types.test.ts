import { format, inspect } from "node:util";
import { describe, expect, expectTypeOf, test } from "vitest";
import { Sealed, type AuthorizationCode, type Password } from "./types.ts";

describe("OP-01: a sealed secret never prints its value", () => {
  const secret = "sym_cs_very-secret";
  const sealed = new Sealed(secret);

  test.each([
    ["as a string", String(sealed)],
    ["joined to a string", "" + String(sealed)],
    ["in a template", `${sealed.toString()}`],
    ["as JSON", JSON.stringify({ sealed })],
    ["inspected", inspect({ sealed }, { depth: 9, showHidden: true })],
    ["formatted", format("%s %o %O %j", sealed, sealed, sealed, sealed)],
    ["spread", JSON.stringify({ ...sealed })],
    ["by its keys", Reflect.ownKeys(sealed).join()],
    ["in an error", String(new Error("no", { cause: sealed }))],
  ])("%s", (_, shown) => expect(shown).not.toContain("secret"));

  test("prints [sealed]", () => {
    expect(`${JSON.stringify({ sealed })} ${inspect({ sealed })} ${String(sealed)}`).toBe(
      `{"sealed":"[sealed]"} { sealed: [sealed] } [sealed]`,
    );
  });

  test("reveal returns the value", () => expect(sealed.reveal()).toBe(secret));

  test("a secret of one kind is not assignable to another", () => {
    expectTypeOf<Password>().not.toExtend<AuthorizationCode>();
    expectTypeOf<Sealed>().not.toExtend<Password>();
    expectTypeOf<Password>().toExtend<Sealed>();
    expectTypeOf(new Sealed<"password">(secret)).toEqualTypeOf<Password>();
  });
});
