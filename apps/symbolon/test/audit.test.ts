import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { appendOf } from "@symbolon/server";
import { claimDatabase, keepMarking, markPath } from "../src/data/mark.ts";
import { openSystem, type System } from "../src/data/open-system.ts";
import { loadSettings } from "../src/config/settings.ts";
import { runJson, runSymbolon, temporaryDirectory } from "./start-server.ts";

type Events = { events: { position: number; target: string; operation: string }[] };

let data: string;
beforeEach(() => {
  data = join(temporaryDirectory(), "data");
});

const open = async (env: Record<string, string> = {}): Promise<System> =>
  await openSystem(await loadSettings({ data }, { env, cwd: "/" }), { create: true });

/** Appends a line for each target, one a day from 2026-11-01 on, as a server that has run for a minute leaves them. */
async function writeLog(...targets: string[]): Promise<void> {
  const system = await open();
  for (const [index, target] of targets.entries()) await add(system, target, Date.UTC(2026, 10, 1 + index) / 1000);
  await claimDatabase(system);
  await system.store.close();
}
const add = (system: System, target: string, at: number) => {
  const by = { kind: "client", id: target === "app_b" ? "app_bob" : "app_ann", from: "192.0.2.0/24" } as const;
  const line = { at, by, operation: "application.update", target, before: { name: "Old" }, after: { name: target } };
  return system.store.audit.append(appendOf(line, system.keyring));
};

const list = async (...flags: string[]) =>
  (await runJson<Events>(["audit", ...flags], { data })).events.map(({ target }) => target);

describe("symbolon audit", () => {
  test("lists who changed what, the newest first", async () => {
    await writeLog("app_a", "app_b");
    const { stdout, code } = await runSymbolon(["audit"], { data });
    expect(code).toBe(0);
    const [header, ...lines] = stdout.trimEnd().split("\n");
    expect(header!.split(/ {2,}/)).toEqual(["TIME", "BY", "OPERATION", "TARGET", "MEMBERS"]);
    expect(lines.map((line) => line.split(/ {2,}/))).toEqual([
      ["2026-11-02T00:00:00Z", "client app_bob", "application.update", "app_b", "name"],
      ["2026-11-01T00:00:00Z", "client app_ann", "application.update", "app_a", "name"],
    ]);
  });
  test("with --json answers whole lines", async () => {
    await writeLog("app_a");
    expect(await runJson(["audit"], { data })).toEqual({
      events: [
        {
          position: 1,
          at: Date.UTC(2026, 10, 1) / 1000,
          by: { kind: "client", id: "app_ann", from: "192.0.2.0/24" },
          operation: "application.update",
          target: "app_a",
          before: { name: "Old" },
          after: { name: "app_a" },
        },
      ],
    });
  });
  test.each<[string[], string[]]>([
    [["--target", "app_b"], ["app_b"]],
    [
      ["--by", "app_ann"],
      ["app_c", "app_a"],
    ],
    [
      ["--operation", "application.update", "--limit", "2"],
      ["app_c", "app_b"],
    ],
    [
      ["--since", "2026-11-02"],
      ["app_c", "app_b"],
    ],
    [["--until", "2026-11-02"], ["app_a"]],
    [["--operation", "grant.revoke"], []],
  ])("%j filters", async (flags, targets) => {
    await writeLog("app_a", "app_b", "app_c");
    expect(await list(...flags)).toEqual(targets);
  });
  test("--export writes every line as JSON, oldest first", async () => {
    await writeLog("app_a", "app_b", "app_c");
    const { stdout } = await runSymbolon(["audit", "--export"], { data });
    const lines = stdout.trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line) as Events["events"][0]).map(({ target }) => target)).toEqual([
      "app_a",
      "app_b",
      "app_c",
    ]);
  });
  test.each([
    [["--since", "yesterday"], "--since must be a day"],
    [["--until", "2026-02-31x"], "--until must be a day"],
    [["--limit", "0"], "--limit must be"],
    [["--export", "--limit", "5"], "leave out --limit"],
  ])("refuses %j and names the flag", async (flags, text) => {
    await writeLog();
    const { code, stderr } = await runSymbolon(["audit", ...flags], { data });
    expect([code, stderr]).toEqual([2, expect.stringContaining(text)]);
  });
});

describe("ST-15: symbolon verify", () => {
  const sql = (statement: string) => {
    const database = new DatabaseSync(join(data, "symbolon.sqlite"));
    database.exec(statement);
    database.close();
  };
  const verify = () => runSymbolon(["verify"], { data });

  test("finds nothing wrong with a log that no other program has changed", async () => {
    await writeLog("app_a", "app_b", "app_c");
    expect(await verify()).toMatchObject({ code: 0, stdout: expect.stringContaining("The database is sound.") });
  });
  test.each([
    ["changes a line", "UPDATE audit SET text = replace(text, 'app_b', 'app_x') WHERE position = 2", "line 2 is not"],
    ["removes a line", "DELETE FROM audit WHERE position = 2", "line 2 is missing"],
    ["removes the last line", "DELETE FROM audit WHERE position = 3", "lines 3 to 3 are missing"],
    ["removes all lines", "DELETE FROM audit", "lines 1 to 3 are missing"],
    ["adds a line", "INSERT INTO audit SELECT 4, text, mac FROM audit WHERE position = 3", "line 4 is not"],
  ])("finds that someone %s by SQL", async (_, statement, finding) => {
    await writeLog("app_a", "app_b", "app_c");
    sql(statement);
    const { code, stdout } = await verify();
    expect(code).toBe(1);
    expect(stdout).toContain("The audit log is not as it was written:");
    expect(stdout).toContain(finding);
    expect(await runSymbolon(["verify", "--json"], { data })).toMatchObject({
      stdout: expect.stringContaining('"ok":false'),
    });
  });
  test("accepts the log of a backup after symbolon restore", async () => {
    await writeLog("app_a", "app_b");
    const backup = join(data, "../backup.sqlite");
    await runSymbolon(["backup", backup], { data });
    const system = await open();
    await add(system, "app_late", 1);
    await claimDatabase(system);
    await system.store.close();
    await runSymbolon(["restore", "--from", backup, "--keep-grants"], { data });
    expect(await verify()).toMatchObject({ code: 0 });
  });
});

describe("auditRetentionDays", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] }));
  afterEach(() => void vi.useRealTimers());

  const keptAfterAMinute = async (env: Record<string, string>) => {
    const system = await open(env);
    const now = Math.floor(Date.now() / 1000);
    await add(system, "app_old", now - 11 * 86_400);
    await add(system, "app_young", now - 9 * 86_400);
    const stop = keepMarking(system, expect.fail);
    vi.advanceTimersByTime(60_000);
    await vi.waitFor(() => expect(JSON.parse(readFileSync(markPath(data), "utf8"))).toHaveProperty("audit"), 5_000);
    await stop();
    await system.store.close();
    return await list();
  };
  test("removes older lines each minute, and the log says so", async () => {
    expect(await keptAfterAMinute({ SYMBOLON_AUDIT_RETENTION_DAYS: "10" })).toEqual(["audit", "app_young"]);
    expect(await runSymbolon(["verify"], { data })).toMatchObject({ code: 0 });
  });
  test("keeps every line where it is not set", async () =>
    expect(await keptAfterAMinute({})).toEqual(["app_young", "app_old"]));
});

test("a mark of an earlier version, without the audit log, is read", async () => {
  await writeLog("app_a");
  const { database } = JSON.parse(readFileSync(markPath(data), "utf8")) as { database: number };
  writeFileSync(markPath(data), JSON.stringify({ format: 1, database }));
  expect(await runSymbolon(["verify"], { data })).toMatchObject({ code: 0 });
});
