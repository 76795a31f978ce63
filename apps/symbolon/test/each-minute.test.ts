import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openSqliteStore } from "@symbolon/store-sqlite";
import { exampleAccount, removeRow } from "@symbolon/testing";
import { keepMarking } from "../src/data/mark.ts";
import { openSystem, type System } from "../src/data/open-system.ts";
import { loadSettings } from "../src/config/settings.ts";
import { temporaryDirectory } from "./start-server.ts";

let system: System;
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const data = join(temporaryDirectory(), "data");
  system = await openSystem(await loadSettings({ data }, { env: {}, cwd: "/" }), { create: true });
});
afterEach(async () => {
  await system.store.close();
  vi.useRealTimers();
});

test("ST-08: a minute after another process has deleted an account, its address is in no file of the database", async () => {
  const { data } = system.settings;
  const everything = () =>
    ["", "-wal", "-shm"].map((suffix) => readFileSync(join(data, `symbolon.sqlite${suffix}`), "latin1")).join("");
  await system.store.accounts.insert(exampleAccount({ email: "erased@good.example" }));
  const stop = keepMarking(system, expect.fail);
  const command = openSqliteStore({ path: join(data, "symbolon.sqlite"), create: false });
  await removeRow(command.accounts, exampleAccount().id);
  await command.close();
  expect(everything()).toContain("erased@good.example");
  vi.advanceTimersByTime(60_000);
  await vi.waitFor(() => expect(everything()).not.toContain("erased@good.example"), 5_000);
  await stop();
});

test("the mark grows each minute, and once more at the end", async () => {
  const before = await system.store.mark.read();
  const stop = keepMarking(system, expect.fail);
  vi.advanceTimersByTime(120_000);
  await stop();
  expect(await system.store.mark.read()).toBe(before + 3);
});
