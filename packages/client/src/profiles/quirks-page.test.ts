import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Profile, Quirks } from "../profile.ts";
import { fitbit } from "./fitbit.ts";
import { generic } from "./generic.ts";
import { googleHealth } from "./google-health.ts";
import { gusto } from "./gusto.ts";
import { symbolon } from "./symbolon.ts";

const page = readFileSync(join(import.meta.dirname, "../../../../docs/quirks.md"), "utf8");
const profiles: Record<string, Profile> = { gusto, fitbit, googleHealth, symbolon, generic };
const names: Record<keyof Quirks, true> = {
  tokenType: true,
  expiresInSeconds: true,
  refusals: true,
  finalRefusals: true,
  authorizationParameters: true,
  answersWithIssuer: true,
  readsIntent: true,
  tokenInfoBy: true,
};

test.each(Object.keys(names) as (keyof Quirks)[])("docs/quirks.md names the profiles with the quirk %s", (name) => {
  const row = page.split("\n").find((line) => line.startsWith(`| \`${name}\` |`));
  const having = Object.keys(profiles).filter((profile) => name in profiles[profile]!.quirks);
  expect(row?.split("|").at(-2)?.trim()).toBe(having.map((profile) => `\`${profile}\``).join(", ") || "none");
});
