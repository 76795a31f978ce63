import { emulator, systemWorld, type Emulator } from "@symbolon/emulator";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newHome, startLogin, type Home } from "./login.ts";

const address = /https?:\/\/\S+authorize\S*/;
let provider: Emulator;
beforeAll(async () => {
  provider = await emulator({ profile: "strict", world: systemWorld });
  provider.control.answerConsent("allow");
});
afterAll(() => provider.close());

const begin = (home: Home, name: string, more: Parameters<typeof startLogin>[3] = {}): ReturnType<typeof startLogin> => {
  const { clientId, clientSecret } = provider.applications[0]!;
  return startLogin(["generic", "--server", provider.url, "--name", name, "--no-browser"], address, home, { SYMBOLON_CLIENT_ID: clientId, SYMBOLON_CLIENT_SECRET: clientSecret!, ...more });
};

async function logIn(home: Home, name: string, more: Record<string, string> = {}): Promise<void> {
  const { said, end } = await begin(home, name, more);
  await fetch(said);
  expect(await end).toMatchObject({ code: 0 });
}

test("refresh-tokens.md B3.3: a login that could not be stored asks nobody to sign in, and says why", async () => {
  const home = newHome();
  const [right, wrong] = ["A".repeat(43), `${"B".repeat(42)}A`];
  await logIn(home, "first", { SYMBOLON_KEEPER_KEY: right });
  await expect(begin(home, "second", { SYMBOLON_KEEPER_KEY: wrong })).rejects.toThrow(/login ended with 1: [^]*Is SYMBOLON_KEEPER_KEY/);
  // A disk that takes no more: of no file may a single byte be written.
  const full = { ...home, before: "ulimit -f 0" };
  await expect(begin(full, "second", { SYMBOLON_KEEPER_KEY: right })).rejects.toThrow(/login ended with 1: [^]*cannot be read or written[^]*Check the disk/);
  expect(provider.control.requests("authorization_code")).toHaveLength(1);
});
