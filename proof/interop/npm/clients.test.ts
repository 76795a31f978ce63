import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readRecords } from "../../foreign/interop-page.ts";
import { openPlace, type Place } from "../place.ts";
import { npmClients } from "./clients.ts";
import { runNpmClient, versionOf } from "./npm-client.ts";

let place: Place;
beforeAll(async () => {
  place = await openPlace();
});
afterAll(() => place.close());

describe("unmodified clients from npm against a real server", () => {
  test.each(npmClients)("$packageName: every step works, as docs/interop.md says", async (client) => {
    const rows = await runNpmClient(client, place);
    expect(rows.filter(({ outcome }) => outcome === "fails")).toEqual([]);
    const recorded = readRecords().find(({ language }) => language === "JavaScript")?.rows ?? [];
    expect(rows).toEqual(recorded.filter((row) => row.client === client.packageName));
  });

  test("no client is recorded that does not run", () => {
    const recorded = readRecords().find(({ language }) => language === "JavaScript")?.rows ?? [];
    const known = npmClients.map(({ packageName }) => `${packageName} ${versionOf(packageName)}`);
    expect([...new Set(recorded.map(({ client, version }) => `${client} ${version}`))]).toEqual(known);
  });
});
