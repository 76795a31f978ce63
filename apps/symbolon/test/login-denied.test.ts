import { emulator, systemWorld } from "@symbolon/emulator";
import { expect, test } from "vitest";
import { address, newHome, startLogin } from "./login.ts";

test("a login that was denied on the provider's page says how to try again", async () => {
  await using provider = await emulator({ profile: "strict", world: systemWorld });
  provider.control.answerConsent("deny");
  const { clientId, clientSecret } = provider.applications[0]!;
  const { said, end } = await startLogin(["generic", "--server", provider.url, "--no-browser"], address, newHome(), {
    SYMBOLON_CLIENT_ID: clientId,
    SYMBOLON_CLIENT_SECRET: clientSecret!,
  });
  expect((await fetch(said)).status).toBe(403);
  expect(await end).toMatchObject({ code: 1, stderr: expect.stringContaining("run symbolon login once more") });
});
