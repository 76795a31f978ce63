import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { emulator } from "@symbolon/emulator";
import { describe, expect, test, vi } from "vitest";
import { report } from "./conformance.ts";
import { isRefusedAfterTwoHours } from "./emulator.ts";
import { writeOnce } from "./files-store.ts";
import { isCovered } from "./protocol.ts";
import config from "./symbolon.config.ts";

describe("the examples of the packages' READMEs", () => {
  test("a granted scope covers a narrower one", () => {
    expect(isCovered("payroll:read payroll:write", "payroll:read")).toBe(true);
    expect(isCovered("payroll:read", "payroll:write")).toBe(false);
    expect(isCovered("payroll:read", 'not"a scope')).toBeUndefined();
  });

  test("the files store writes an entry once", async () => {
    const directory = mkdtempSync(join(tmpdir(), "symbolon-example-"));
    try {
      expect(await writeOnce(join(directory, "keeper"))).toMatchObject({ revision: 1, entry: { value: "hello" } });
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  test("Gusto refuses an access token that has expired", async () => expect(await isRefusedAfterTwoHours()).toBe(true));

  test("the conformance checks report on a server", async () => {
    vi.spyOn(console, "log").mockImplementation(() => {});
    await using server = await emulator({ profile: "strict" });
    server.control.answerConsent("allow");
    const { clientId, clientSecret, redirectUris } = server.applications[0]!;
    const authorize = async (url: URL) => new URL((await fetch(url, { redirect: "manual" })).headers.get("location")!);
    const text = await report(server.url, { id: clientId, secret: clientSecret! }, redirectUris[0]!, authorize);
    expect(text).toMatch(/\d+ passed, \d+ failed/);
  });

  test("the configuration is what defineConfig was given", () => expect(config.issuer).toBe("https://id.example.com"));
});
