import { describe, expect, test } from "vitest";
import { wrongType } from "../../test/wrong-type.ts";
import { createKeeper, type KeeperOptions } from "./keeper.ts";
import { memoryStore } from "./memory-store.ts";
import { fakeProvider } from "./testing/fake-provider.ts";
import { lazy } from "./testing/given.ts";
import { plainVault } from "./testing/plain-vault.ts";
import { virtualWorld } from "./testing/virtual-world.ts";
import { wrappingKey } from "./vault.ts";

const world = virtualWorld();
const right: KeeperOptions = {
  providers: fakeProvider(world, lazy),
  store: memoryStore(),
  keys: { current: wrappingKey("2026", new Uint8Array(32)) },
};

describe("createKeeper", () => {
  test("takes one provider or several, keys or a vault, and every option", () => {
    createKeeper(right);
    createKeeper({ ...right, providers: [fakeProvider(world, lazy), fakeProvider(world, lazy)], keys: plainVault });
    createKeeper({
      ...right,
      outbox: memoryStore(),
      onEvent: () => undefined,
      name: "worker-1",
      isGone: () => false,
      world,
    });
    createKeeper({ ...right, outbox: undefined, name: undefined, world: undefined });
  });

  test.each<[string, unknown]>([
    ["providers", undefined],
    ["providers", {}],
    ["providers", [fakeProvider(world, lazy), undefined]],
    ["store", undefined],
    ["store", {}],
    ["keys", undefined],
    ["keys", null],
    ["keys", "secret"],
    ["keys", {}],
    ["keys", { current: {} }],
    ["outbox", {}],
    ["outbox", null],
    ["onEvent", "print"],
    ["isGone", true],
  ])("names %s where it is %j", (field, value) => {
    expect(() => createKeeper({ ...right, [field]: wrongType(value) })).toThrow(
      expect.objectContaining({ code: "invalid_input", field }),
    );
  });

  test("names an option that it does not have, and the one that was meant", () => {
    expect(() => createKeeper(wrongType({ ...right, onEvents: () => undefined }))).toThrow(
      /onEvents: not an option.*onEvent\b/,
    );
  });

  test("names what is missing where it is given nothing", () => {
    expect(() => createKeeper(wrongType(undefined))).toThrow(
      expect.objectContaining({ code: "invalid_input", field: "providers" }),
    );
  });
});
