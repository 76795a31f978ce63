import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadSettings } from "../src/config/settings.ts";
import { serverConfigOf } from "../src/data/open-system.ts";
import { freePort, startServer, temporaryDirectory } from "./start-server.ts";

function settingsOf(file: string, env: Record<string, string> = {}) {
  const cwd = temporaryDirectory();
  writeFileSync(join(cwd, "symbolon.config.ts"), `export default ${file};`);
  return loadSettings({}, { env, cwd });
}

describe("WB-16: trusted proxies in the configuration", () => {
  test.each(["10.0.0.7", "10.0.0.0/8", "2001:db8::/32", "::1"])("accepts %s", async (proxy) => {
    expect(serverConfigOf(await settingsOf(`{ trustedProxies: ['${proxy}'] }`)).trustedProxies).toEqual([proxy]);
  });
  test.each([
    "",
    "proxy.internal",
    "10.0.0.0/0",
    "0.0.0.0/0",
    "::/0",
    "10.0.0.0/33",
    "2001:db8::/129",
    "10.0.0.0/08",
    "10.0.0.0/8/8",
    "10.0.0",
    "10.0.0.7:80",
    "fe80::1%eth0",
    "loopback",
    "true",
    "*",
  ])("refuses %j", async (proxy) => {
    await expect(settingsOf(`{ trustedProxies: ['${proxy}'] }`)).rejects.toThrow(
      "trustedProxies.0 must be an IP address or network",
    );
  });
  test("is empty by default, and the variable is a list", async () => {
    expect(serverConfigOf(await settingsOf("{}")).trustedProxies).toEqual([]);
    expect((await settingsOf("{}", { SYMBOLON_TRUSTED_PROXIES: "10.0.0.7, 192.168.0.0/16" })).trustedProxies).toEqual([
      "10.0.0.7",
      "192.168.0.0/16",
    ]);
  });
});

describe("WB-16: the command behind a proxy", () => {
  const wrong = {
    authorization: `Basic ${btoa("app_none:wrong")}`,
    "content-type": "application/x-www-form-urlencoded",
  };
  const guess = async (url: string, client: string): Promise<number> => {
    const answer = await fetch(`${url}/oauth/token`, {
      method: "POST",
      headers: { ...wrong, "x-forwarded-for": client },
      body: "grant_type=client_credentials",
    });
    await answer.body?.cancel();
    return answer.status;
  };
  test.each<[string, Record<string, string>, number]>([
    ["trusted", { SYMBOLON_TRUSTED_PROXIES: "127.0.0.1,::1" }, 401],
    ["not trusted", {}, 429],
  ])("%s: guesses from one client, then another's first", async (_, env, second) => {
    const server = await startServer({ env, port: await freePort() });
    for (let count = 0; count < 20; count++) expect(await guess(server.url, "203.0.113.9")).toBe(401);
    expect(await guess(server.url, "203.0.113.9")).toBe(429);
    expect(await guess(server.url, "203.0.113.10")).toBe(second);
    await server.stop();
  });
});
