import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createGusto, gusto, type Application } from "@symbolon/client";
import { createKeeper, wrappingKey, type KeeperEvent } from "@symbolon/client/keeper";
import { openFilesKeeperStore } from "@symbolon/keeper-stores/files";
import { emulator } from "@symbolon/emulator";
import { expect, onTestFinished, test } from "vitest";
import { refreshDueTokens, revokeAllOf } from "./care.ts";
import { adoptTokens, getPayrolls } from "./connect.ts";
import { openKeeper } from "./start.ts";
import { tokenOrAdvice } from "./when-there-is-none.ts";

test("the examples of docs/keeper.md: a company's grant at Gusto, from consent to revocation", async () => {
  const folder = mkdtempSync(join(tmpdir(), "symbolon-example-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const provider = await emulator({ profile: "gusto" });
  onTestFinished(async () => await provider.close());
  const { clientId, clientSecret } = provider.applications[0]!;
  const application: Application = { profile: gusto, baseUrl: provider.url, clientId, clientSecret: clientSecret! };
  const secret = randomBytes(32);
  const events: KeeperEvent[] = [];
  const keeper = await openKeeper(application, join(folder, "grants"), secret, (event) => events.push(event));
  onTestFinished(async () => await keeper.close());

  const first = provider.control.consent({ scope: "payrolls:read" });
  const tokens = await createGusto({
    baseUrl: provider.url,
    clientId,
    clientSecret: clientSecret!,
  }).introspection.refreshToken({ refreshToken: first.refreshToken });
  await adoptTokens(keeper, "acme", tokens);
  expect(await getPayrolls(keeper, "acme", `${provider.url}/v1/token_info`)).toBe(200);
  expect(String(await tokenOrAdvice(keeper, "gusto.acme"))).toBe("[sealed]");

  expect(await refreshDueTokens(keeper, new AbortController().signal)).toEqual({ worked: 0, failed: [] });
  provider.control.revoke();
  expect(await getPayrolls(keeper, "acme", `${provider.url}/v1/token_info`)).toBe(401);
  expect(events.map(({ type }) => type)).toEqual(["adopted", "suspect"]);
  // One refusal does not end a grant, and the access token may still be valid.
  expect(String(await tokenOrAdvice(keeper, "gusto.acme"))).toBe("[sealed]");

  expect(await revokeAllOf(keeper, "gusto")).toEqual({ revoked: ["gusto.acme"], pending: [] });
  expect(await tokenOrAdvice(keeper, "gusto.acme")).toBe("ask the user to connect again");

  const later = createKeeper({
    providers: [],
    store: await openFilesKeeperStore({ directory: join(folder, "grants") }),
    keys: { current: wrappingKey("2027-01", randomBytes(32)), others: [wrappingKey("2026-11", secret)] },
  });
  await later.rekey();
  expect(await later.explain("gusto.acme")).toContain("gusto.acme");
});
