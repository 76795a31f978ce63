import { spawn } from "node:child_process";
import { emulator, systemWorld, type Emulator } from "@symbolon/emulator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { address, newHome, startLogin, type Home } from "./login.ts";
import { runSymbolon, symbolonPath } from "./start-server.ts";

let provider: Emulator;
beforeAll(async () => {
  provider = await emulator({ profile: "lazy", world: systemWorld });
  provider.control.answerConsent("allow");
});
afterAll(() => provider.close());

async function logIn(home: Home): Promise<void> {
  const { clientId, clientSecret } = provider.applications[0]!;
  const args = ["generic", "--server", provider.url, "--name", "mine", "--no-browser"];
  const { said, end } = await startLogin(args, address, home, {
    SYMBOLON_CLIENT_ID: clientId,
    SYMBOLON_CLIENT_SECRET: clientSecret!,
  });
  await fetch(said);
  expect(await end).toMatchObject({ code: 0 });
}

const refreshes = (): number => provider.control.requests("refresh_token").length;

describe("refresh-tokens.md B6: symbolon token after an interrupted refresh", () => {
  test.each(["SIGINT", "SIGKILL"] as const)(
    "serves within twelve seconds after %s",
    async (signal) => {
      const home = newHome();
      await logIn(home);
      const first = await runSymbolon(["token", "mine"], { env: home.env });
      const before = refreshes();
      // The provider acts, and its answer does not come.
      provider.control.fault({ operation: "refresh_token", what: "hang", times: 1 });
      const child = spawn(process.execPath, [symbolonPath, "token", "mine", "--rejected"], {
        env: home.env,
        stdio: ["pipe", "ignore", "ignore"],
      });
      child.stdin.end(first.stdout);
      while (refreshes() === before) await new Promise((resolve) => setTimeout(resolve, 50));
      child.kill(signal);
      const began = performance.now();
      const next = await runSymbolon(["token", "mine", "--rejected"], { env: home.env, input: first.stdout });
      expect(next).toMatchObject({ code: 0 });
      expect(next.stdout).not.toBe(first.stdout);
      expect(performance.now() - began).toBeLessThan(12_000);
      expect(refreshes()).toBe(before + 2);
      expect(provider.control.grants().every(({ state }) => state === "active")).toBe(true);
    },
    90_000,
  );
});
