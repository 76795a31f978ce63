import { describe, expect, test } from "vitest";
import { describeFileError } from "../src/command/file-error.ts";
import { runSymbolon, temporaryDirectory } from "./start-server.ts";

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

  test("serve names a data directory that cannot be made, without a stack", async () => {
    const { code, stderr } = await runSymbolon(["serve", "--dev", "--data", "/sys/kernel/symbolon"], {
      cwd: temporaryDirectory(),
    });
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining("/sys/kernel/symbolon") as unknown });
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});
