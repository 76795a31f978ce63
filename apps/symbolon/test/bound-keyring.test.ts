import { copyFileSync, cpSync, chmodSync, existsSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "../src/edge/clock.ts";
import { systemRandom } from "../src/edge/random.ts";
import { formatKeyring, keyringId, newKeyring } from "../src/keyring/format.ts";
import { openKeyringFile } from "../src/keyring/keyring-file.ts";
import { runJson, runSymbolon, temporaryDirectory } from "./start-server.ts";

let used: string;
beforeAll(async () => {
  used = join(temporaryDirectory(), "used");
  await runJson(["app", "create", "--name", "Kept"], { data: used });
});

function copyOfUsed(): string {
  const data = join(temporaryDirectory(), "copy");
  cpSync(used, data, { recursive: true });
  chmodSync(data, 0o700);
  return data;
}

const keyringOf = (data: string): string => join(data, "keyring.json");
const another = (): string => formatKeyring(newKeyring(systemClock, systemRandom));
const serve = ["serve", "--dev", "--port", "18786"];
const opening = [
  serve,
  ["app", "list"],
  ["app", "create", "--name", "N"],
  ["verify"],
  ["restore", "--keep-grants"],
].map((args) => ({ args, command: args.slice(0, 2).join(" ") }));

describe("ST-02, ST-11: a used database without its keyring", () => {
  test.each(opening)("$command is refused, makes no keyring, and says how to go on", async ({ args }) => {
    const data = copyOfUsed();
    renameSync(keyringOf(data), `${data}.kept`);
    const { code, stdout, stderr } = await runSymbolon(args, { data });
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(`${keyringOf(data)} is missing`);
    expect(stderr).toMatch(/Put your copy of keyring\.json back[\s\S]*To begin anew/);
    expect(existsSync(keyringOf(data))).toBe(false);
    renameSync(`${data}.kept`, keyringOf(data));
    expect((await runSymbolon(["app", "list"], { data })).stdout).toContain("Kept");
  });

  test("keys list and keys rotate name the missing keyring, too", async () => {
    const data = copyOfUsed();
    rmSync(keyringOf(data));
    for (const verb of ["list", "rotate"])
      expect((await runSymbolon(["keys", verb], { data })).stderr).toContain("Put your copy of keyring.json back");
  });

  test("an unused database gets a new keyring", async () => {
    const data = copyOfUsed();
    const database = new DatabaseSync(join(data, "symbolon.sqlite"));
    database.exec("DELETE FROM applications");
    database.close();
    rmSync(keyringOf(data));
    await runJson(["app", "create", "--name", "N"], { data });
    expect(existsSync(keyringOf(data))).toBe(true);
  });
});

describe("ST-02, ST-11: the keyring of another database", () => {
  test.each(opening)("$command is refused and names the keyring", async ({ args }) => {
    const data = copyOfUsed();
    writeFileSync(keyringOf(data), another());
    const { code, stderr } = await runSymbolon(args, { data });
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining(`${keyringOf(data)} is the keyring of another database`),
    ]);
  });

  test("in SYMBOLON_KEYRING is refused by that name", async () => {
    const { code, stderr } = await runSymbolon(["app", "list"], { data: used, env: { SYMBOLON_KEYRING: another() } });
    expect([code, stderr]).toEqual([1, expect.stringContaining("SYMBOLON_KEYRING is the keyring of another database")]);
  });

  test("restore --from refuses a backup of another keyring, or any without a keyring, before it replaces anything", async () => {
    const backup = join(temporaryDirectory(), "backup.sqlite");
    await runJson(["backup", "--to", backup], { data: used });
    const other = join(temporaryDirectory(), "other");
    await runJson(["app", "create", "--name", "Other"], { data: other });
    const { stderr } = await runSymbolon(["restore", "--from", backup, "--keep-grants"], { data: other });
    expect(stderr).toContain("is the keyring of another database");
    expect((await runSymbolon(["app", "list"], { data: other })).stdout).toContain("Other");
    const empty = join(temporaryDirectory(), "empty");
    expect((await runSymbolon(["restore", "--from", backup, "--keep-grants"], { data: empty })).stderr).toContain(
      "is missing",
    );
    expect(existsSync(join(empty, "symbolon.sqlite"))).toBe(false);
  });

  test("a database from before, which has noted no keyring, notes the one of its next start", async () => {
    const data = copyOfUsed();
    const database = new DatabaseSync(join(data, "symbolon.sqlite"));
    database.exec("DELETE FROM keyring");
    database.close();
    expect((await runSymbolon(["app", "list"], { data })).code).toBe(0);
    copyFileSync(keyringOf(data), `${data}.kept`);
    writeFileSync(keyringOf(data), another());
    expect((await runSymbolon(["app", "list"], { data })).stderr).toContain("is the keyring of another database");
  });

  test("keys rotate and keys drop do not change the id of a keyring", () => {
    const ring = newKeyring(systemClock, systemRandom);
    expect(keyringId({ ...ring, keys: [{ ...ring.keys[0]!, id: 2 }] })).toBe(keyringId(ring));
    expect(keyringId(newKeyring(systemClock, systemRandom))).not.toBe(keyringId(ring));
  });

  test("a running server keeps its keys when the file becomes the keyring of another database", async () => {
    const [directory, notices] = [temporaryDirectory(), [] as string[]];
    let nowMs = 1_700_000_000_000;
    const clock = { epochMs: () => nowMs, monotonicMs: () => nowMs };
    const world = { clock, random: systemRandom, notice: (text: string) => void notices.push(text) };
    const { load } = await openKeyringFile(directory, world, async () => {});
    const before = load();
    rmSync(keyringOf(directory));
    writeFileSync(keyringOf(directory), another(), { mode: 0o600 });
    nowMs += 1000;
    expect(load()).toEqual(before);
    expect(notices.join()).toContain("is the keyring of another database");
  });
});
