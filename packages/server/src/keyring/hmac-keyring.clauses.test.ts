import { describe, expect, test } from "vitest";
import { Sealed } from "@symbolon/protocol";
import { makeWorld } from "../../test/world.ts";
import { newGrantId } from "../grants/new-grant.ts";

describe("RFC 6749 §10.10: guessing", () => {
  test("160 bits of a token are a MAC, and each bit is checked", async () => {
    const { keyring, deps } = await makeWorld();
    const pointer = {
      grantId: newGrantId(deps.clock, deps.random),
      generation: 1,
      issuedAt: 1_795_000_000,
      variant: 0,
    };
    const token = keyring.mint("access", pointer, 1_795_000_000).reveal();
    const bytes = Buffer.from(token.slice(7), "base64url");
    expect(keyring.read("access", new Sealed(token))).toMatchObject(pointer);
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const guess = Buffer.from(bytes);
      guess[bit >> 3]! ^= 1 << (bit & 7);
      expect(keyring.read("access", new Sealed(`sym_at_${guess.toString("base64url")}`)), `bit ${bit}`).toBeUndefined();
    }
    expect(bytes.length - 28).toBe(20);
  });

  test("TK-07: the MAC of one kind is refused for another", async () => {
    const { keyring, deps } = await makeWorld();
    const pointer = { grantId: newGrantId(deps.clock, deps.random), generation: 0, issuedAt: 0, variant: 0 };
    const prefixes = { access: "sym_at_", refresh: "sym_rt_", code: "sym_ac_" } as const;
    const kinds = ["access", "refresh", "code"] as const;
    for (const made of kinds)
      for (const asked of kinds) {
        const token = keyring.mint(made, pointer, 0).reveal();
        expect(
          keyring.read(asked, new Sealed(prefixes[asked] + token.slice(7))) !== undefined,
          `${made} as ${asked}`,
        ).toBe(made === asked);
      }
  });
});
