import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createKeeper, wrappingKey, type Keeper, type KeeperProvider } from "@symbolon/client/keeper";
import { Sealed } from "@symbolon/protocol";
import { openFilesKeeperStore } from "../src/files/index.ts";

/** Never asked: no token here is due. */
const provider: KeeperProvider = {
  issuer: "https://provider.example", clientId: "client", clientGeneration: 1, rotation: { kind: "lazy" }, readsIntent: false, deadlineMs: 100,
  refresh: async () => ({ kind: "not_processed", code: "unreachable" }),
};
const consent = (name: string) => ({ accessToken: new Sealed(`at-${name}`), refreshToken: new Sealed(`rt-${name}`), lifetimeSeconds: 3600 });
const keys = { current: wrappingKey("2026", new Uint8Array(32).fill(7)) };

let folder: string;
let directory: string;
/** A process of its own, which remembers nothing. */
const open = async (): Promise<Keeper> => createKeeper({ providers: provider, store: await openFilesKeeperStore({ directory }), keys });
const valuesOf = (key: string): string[] => readdirSync(join(directory, key)).filter((name) => name.startsWith("value.")).map((name) => join(directory, key, name));
const tear = (key: string): void => valuesOf(key).forEach((path) => writeFileSync(path, "torn"));
const tokenOf = async (id: string): Promise<string> => (await (await open()).token(id)).accessToken.reveal();

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "symbolon-keeper-"));
  directory = join(folder, "store");
  const keeper = await open();
  for (const id of ["a", "b", "c"]) await keeper.adopt(id, consent(id));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("C-11: a grant whose file is torn", () => {
  test("is unreadable, not unknown; the others go on, and a new consent is adopted over it", async () => {
    tear("g.b");
    const keeper = await open();
    await expect(keeper.token("b")).rejects.toMatchObject({ code: "unreadable", id: "b" });
    await expect(keeper.status("b")).rejects.toMatchObject({ code: "unreadable", id: "b" });
    await keeper.recover();
    expect(await tokenOf("c")).toBe("at-c");
    await keeper.adopt("b", consent("anew"));
    expect(await tokenOf("b")).toBe("at-anew");
  });

  test("is whole again when its file is put back", async () => {
    const [path] = valuesOf("g.b");
    const whole = readFileSync(path!);
    tear("g.b");
    await expect((await open()).token("b")).rejects.toMatchObject({ code: "unreadable" });
    writeFileSync(path!, whole);
    expect(await tokenOf("b")).toBe("at-b");
  });
});
