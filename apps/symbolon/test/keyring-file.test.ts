import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Clock } from "@symbolon/server";
import { systemRandom } from "../src/edge/random.ts";
import { formatKeyring, newKeyring, parseKeyring, withNewKey, type StoredKeyring } from "../src/keyring/format.ts";
import { changeKeyringFile, keyringPath, openKeyringFile } from "../src/keyring/keyring-file.ts";
import { withProcessLock } from "../src/data/process-lock.ts";
import { runJson, runSymbolon, temporaryDirectory } from "./start-server.ts";

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

/** A clock that stands still until it is told otherwise. */
function standingClock(): Clock & { advanceMs(ms: number): void } {
  let nowMs = 1_700_000_000_000;
  return { epochMs: () => nowMs, monotonicMs: () => nowMs, advanceMs: (ms) => void (nowMs += ms) };
}

const noCheck = async (): Promise<void> => {};

async function openFresh() {
  const [directory, clock, notices] = [temporaryDirectory(), standingClock(), [] as string[]];
  const opened = await openKeyringFile(
    directory,
    {
      clock,
      random: systemRandom,
      notice: (text) => void notices.push(text),
    },
    noCheck,
  );
  return { directory, clock, notices, ...opened };
}

const rotate = (directory: string, clock: Clock) =>
  changeKeyringFile(directory, (keyring) => {
    const { keyring: changed, key } = withNewKey(keyring, clock, systemRandom);
    return { keyring: changed, answer: key };
  });

describe("ST-06: only the owner can read the files", () => {
  test("keyring and database are 0600, their directory 0700", async () => {
    const data = join(temporaryDirectory(), "deep", "data");
    await runJson(["app", "create", "--name", "N"], { data });
    expect(modeOf(data)).toBe("700");
    expect(Object.fromEntries(readdirSync(data).map((name) => [name, modeOf(join(data, name))]))).toMatchObject({
      "keyring.json": "600",
      "symbolon.sqlite": "600",
    });
    expect(readdirSync(data).filter((name) => modeOf(join(data, name)) !== "600")).toEqual([]);
  });

  test.for(["644", "640", "604", "660"])("refuses a keyring of mode %s and names the chmod command", async (mode) => {
    const data = join(temporaryDirectory(), "data");
    await runJson(["app", "create", "--name", "N"], { data });
    chmodSync(keyringPath(data), Number.parseInt(mode, 8));
    const refused = await runSymbolon(["app", "list"], { data });
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    expect(refused.stderr).toContain(`chmod 600 ${keyringPath(data)}`);
    chmodSync(keyringPath(data), 0o600);
    expect((await runSymbolon(["app", "list"], { data })).code).toBe(0);
  });

  test("refuses a directory that other users can read", async () => {
    const data = join(temporaryDirectory(), "data");
    mkdirSync(data, { mode: 0o755 });
    const { code, stderr } = await runSymbolon(["app", "create", "--name", "N"], { data });
    expect(code).toBe(1);
    expect(stderr).toContain(`chmod 700 ${data}`);
    expect(existsSync(keyringPath(data))).toBe(false);
  });
});

describe("the keyring file", () => {
  test("four processes that start at once make one keyring", async () => {
    const data = join(temporaryDirectory(), "data");
    const made = await Promise.all(
      [1, 2, 3, 4].map((n) => runJson<{ client_id: string }>(["app", "create", "--name", `N${n}`], { data })),
    );
    const { applications } = await runJson<{ applications: { client_id: string }[] }>(["app", "list"], { data });
    expect(applications.map(({ client_id }) => client_id).sort()).toEqual(
      made.map(({ client_id }) => client_id).sort(),
    );
    const keyring = parseKeyring(readFileSync(keyringPath(data), "utf8"), "it");
    expect(keyring.keys.map(({ id }) => id)).toEqual([1]);
    expect(readdirSync(data).filter((name) => name.includes(".new"))).toEqual([]);
  });

  test("the lock has one holder at a time", async () => {
    const directory = temporaryDirectory();
    const story: string[] = [];
    const visit = (name: string) =>
      withProcessLock(directory, async () => {
        story.push(`${name} in`);
        await new Promise((resolve) => setTimeout(resolve, 20));
        story.push(`${name} out`);
      });
    await Promise.all(["a", "b", "c"].map(visit));
    expect(story).toHaveLength(6);
    for (let at = 0; at < story.length; at += 2) expect(story[at + 1]).toBe(story[at]!.replace("in", "out"));
  });

  test("the lock is released after a failure", async () => {
    const directory = temporaryDirectory();
    await expect(withProcessLock(directory, () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
    expect(await withProcessLock(directory, () => "in")).toBe("in");
  });

  test("concurrent openings without a keyring make one", async () => {
    const [directory, clock] = [temporaryDirectory(), standingClock()];
    const world = { clock, random: systemRandom, notice: () => {} };
    const gate = Promise.withResolvers<void>();
    const holding = withProcessLock(directory, () => gate.promise);
    const opening = [1, 2].map(() => openKeyringFile(directory, world, noCheck));
    gate.resolve();
    await holding;
    const opened = await Promise.all(opening);
    expect(opened.map(({ made }) => made).sort()).toEqual([false, true]);
    expect(opened[0]!.load()).toEqual(opened[1]!.load());
  });

  test("a new key is read within about a second, without a restart", async () => {
    const { directory, clock, load } = await openFresh();
    const before = load();
    await rotate(directory, clock);
    expect(load()).toBe(before);
    clock.advanceMs(1000);
    expect(load().keys.map(({ id }) => id)).toEqual([1, 2]);
    expect(load()).toBe(load());
  });

  test("a new key comes into force a minute later", async () => {
    const { directory, clock } = await openFresh();
    const key = await rotate(directory, clock);
    expect(key.activeFrom - key.createdAt).toBe(60);
    expect(key.createdAt).toBe(clock.epochMs() / 1000);
  });

  test("the id of a dropped key is never used again", async () => {
    const { directory, clock } = await openFresh();
    await rotate(directory, clock);
    await changeKeyringFile(directory, (keyring) => ({
      keyring: { ...keyring, keys: keyring.keys.slice(0, 1) },
      answer: null,
    }));
    expect((await rotate(directory, clock)).id).toBe(3);
  });

  test("ten concurrent changes are all kept", async () => {
    const { directory, clock } = await openFresh();
    await Promise.all(Array.from({ length: 10 }, () => rotate(directory, clock)));
    expect(parseKeyring(readFileSync(keyringPath(directory), "utf8"), "it").keys).toHaveLength(11);
  });

  test("a file that becomes unreadable is reported once, and the known keys stay in use", async () => {
    const { directory, clock, load, notices } = await openFresh();
    const before = load();
    writeFileSync(keyringPath(directory), "{");
    for (let second = 0; second < 3; second++) {
      clock.advanceMs(1000);
      expect(load()).toBe(before);
    }
    expect(notices).toEqual([expect.stringContaining("is not JSON")]);
  });

  test("refuses a 256th key instead of repeating an id", () => {
    const full = { ...newKeyring(standingClock(), systemRandom), nextId: 256 };
    expect(() => withNewKey(full, standingClock(), systemRandom)).toThrow("255 key ids");
  });
});

describe("the text of a keyring", () => {
  const good = newKeyring(standingClock(), systemRandom);
  const [key] = good.keys;
  const bad: [string, StoredKeyring | object, string][] = [
    ["another format", { ...good, format: 2 }, "format"],
    ["no keys", { ...good, keys: [] }, "keys"],
    ["a short secret", { ...good, keys: [{ ...key, secret: "c2hvcnQ" }] }, "keys.0.secret"],
    ["a short pepper", { ...good, pepper: "c2hvcnQ" }, "pepper"],
    ["an unknown member", { ...good, extra: 1 }, "is not a keyring"],
    ["one id twice", { ...good, keys: [key, key] }, "key ids repeat"],
    ["an id that nextId would give out again", { ...good, nextId: 1 }, "not below nextId"],
  ];
  test.for(bad)("is refused without repeating a secret: %s", ([, keyring, says]) => {
    const refusal = (() => {
      try {
        return parseKeyring(JSON.stringify(keyring), "keyring.json");
      } catch (error) {
        return String(error);
      }
    })();
    expect(refusal).toContain(says);
    expect(refusal).not.toContain("c2hvcnQ");
  });

  test("is read as it was written", () => expect(parseKeyring(formatKeyring(good), "it")).toEqual(good));
});

describe("SYMBOLON_KEYRING", () => {
  const text = JSON.stringify(newKeyring(standingClock(), systemRandom));

  test("replaces the file, which is then not made", async () => {
    const options = { data: join(temporaryDirectory(), "data"), env: { SYMBOLON_KEYRING: text } };
    await runJson(["app", "create", "--name", "N"], options);
    expect(existsSync(keyringPath(options.data))).toBe(false);
    expect(await runJson(["keys", "list"], options)).toMatchObject({ keys: [{ id: 1 }] });
    const { code, stderr } = await runSymbolon(["keys", "rotate"], options);
    expect(code).toBe(1);
    expect(stderr).toContain("SYMBOLON_KEYRING");
  });

  test("is refused by name if it is damaged", async () => {
    const { code, stderr } = await runSymbolon(["app", "create", "--name", "N"], {
      data: join(temporaryDirectory(), "data"),
      env: { SYMBOLON_KEYRING: "{}" },
    });
    expect(code).toBe(1);
    expect(stderr).toContain("SYMBOLON_KEYRING is not a keyring");
  });
});
