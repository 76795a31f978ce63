import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { emulator, misbehaviours, profiles, settingsOf, type ProfileName } from "@symbolon/emulator";

const page = readFileSync(new URL("../../docs/emulator.md", import.meta.url), "utf8");
const names = Object.keys(profiles) as ProfileName[];

describe("docs/emulator.md is complete", () => {
  test("every profile", () => names.forEach((name) => expect(page).toContain(`| \`${name}\` |`)));

  test("every assumption, with the text of the emulator's page", () => {
    const all = names.flatMap((name) => Object.entries(profiles[name].dialect.assumptions));
    expect(all.length).toBeGreaterThan(25);
    for (const [id, { description }] of all) expect(page).toContain(`| \`${id}\` | ${description} |`);
  });

  test("every setting with its values", () => {
    for (const name of names)
      for (const setting of settingsOf(name))
        expect(page).toContain(
          `| ${name} | \`${setting.name}\` | ${setting.choice.replaceAll("|", "\\|")} | ${setting.byDefault} |`,
        );
  });

  test("every fault, command and query of the control API", async () => {
    for (const what of misbehaviours) expect(page).toMatch(new RegExp(`^\\| \`${what}\``, "m"));
    await using one = await emulator({ profile: "strict" });
    const { commands, questions } = (await (await one.fetch(`${one.url}/emulator/control/nothing`)).json()) as {
      commands: string[];
      questions: string[];
    };
    for (const name of [...commands, ...questions]) expect(page).toContain(`\`${name}\``);
  });
});
