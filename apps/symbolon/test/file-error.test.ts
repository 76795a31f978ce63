import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { describeFileError } from "../src/command/file-error.ts";
import { runSymbolon, symbolonPath, temporaryDirectory } from "./start-server.ts";

describe("files that cannot be written", () => {
  test.each(["EROFS", "EACCES", "EPERM", "ENOSPC", "EDQUOT"])("%s names the path and a remedy", (code) => {
    const error = Object.assign(new Error("mkdir"), { code, path: "/var/lib/symbolon" });
    expect(describeFileError(error)).toEqual({
      message: expect.stringMatching(/^\/var\/lib\/symbolon /) as unknown,
      remedy: expect.stringMatching(/\.$/) as unknown,
    });
  });

  test("other errors are not described", () => {
    for (const error of [new Error("x"), "text", Object.assign(new Error("x"), { code: "EROFS" })])
      expect(describeFileError(error)).toBeUndefined();
  });

  test.each(["/proc/symbolon", "/proc/symbolon/data", "/dev/null/data"])(
    "ST-12: serve names %s, which cannot be made, and ends",
    async (data) => {
      const { code, stderr } = await runSymbolon(["serve", "--dev"], { data });
      expect(code).toBe(1);
      expect(stderr).toMatch(
        /^\/(?:proc\/symbolon|dev\/null).* (?:cannot be made there|lies below a file|is not a directory)/,
      );
      expect(stderr).not.toMatch(/\n\s+at /);
    },
    20_000,
  );

  /** In blocks of 512 or 1024 bytes; the limit is met in the keyring, the lock, the database and its log. */
  test.each([1, 4, 16, 32, 40])(
    "ST-12: serve on a disk that is full after %i blocks names a file of the data directory, without a stack",
    (blocks) => {
      const data = join(temporaryDirectory(), "data");
      const limited = `ulimit -f ${blocks}; exec "$0" "$1" serve --dev --port 18786 --data "$2"`;
      const { status, stderr } = spawnSync("sh", ["-c", limited, process.execPath, symbolonPath, data], {
        encoding: "utf8",
        timeout: 20_000,
      });
      expect(status).toBe(1);
      expect(stderr).toContain(data);
      expect(stderr).toMatch(/disk|file size limit/);
      expect(stderr).not.toMatch(/\n\s+at /);
    },
    30_000,
  );

  test("ST-12: a write that fails names its file", () => {
    const path = join(temporaryDirectory(), "keyring.json");
    const failing = `import { writeNewFileSync } from "@symbolon/durable-files";
      try { writeNewFileSync(process.argv[1], "k".repeat(100_000)); } catch ({ code, path }) { console.log(code, path); }`;
    const { stdout } = spawnSync(
      "sh",
      ["-c", 'ulimit -f 1; exec "$0" --input-type=module -e "$1" "$2"', process.execPath, failing, path],
      { cwd: import.meta.dirname, encoding: "utf8" },
    );
    expect(stdout.trim()).toBe(`EFBIG ${path}`);
  });

  test("serve names a data directory that cannot be made, without a stack", async () => {
    const { code, stderr } = await runSymbolon(["serve", "--dev", "--data", "/sys/kernel/symbolon"], {
      cwd: temporaryDirectory(),
    });
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining("/sys/kernel/symbolon") as unknown });
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});
