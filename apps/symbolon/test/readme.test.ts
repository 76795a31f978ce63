import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, expect, test } from "vitest";
import { runJson, symbolonPath, temporaryDirectory } from "./start-server.ts";

const root = join(import.meta.dirname, "../../..");
const readme = readFileSync(join(root, "README.md"), "utf8");

/** The shell commands of a section of the README. */
function commandsOf(section: string): string {
  const text = readme.slice(readme.indexOf(`\n## ${section}\n`));
  return /```sh\n([^`]+)```/.exec(text)![1]!;
}

/** A directory of programs in which `npx symbolon` is the command of this repository. */
function programs(): string {
  const directory = join(temporaryDirectory(), "bin");
  mkdirSync(directory);
  const script = `#!/bin/sh\nshift\nexec '${process.execPath}' '${symbolonPath}' "$@"\n`;
  writeFileSync(join(directory, "npx"), script, { mode: 0o755 });
  return [directory, process.env["PATH"]].join(delimiter);
}

describe("what the README says can be pasted", () => {
  test('the commands of "Connect an application" run one after the other, without a question', async () => {
    const cwd = temporaryDirectory();
    const script = commandsOf("Connect an application");
    const { status, stdout, stderr } = spawnSync("sh", ["-e", "-c", script], {
      cwd,
      env: { PATH: programs() },
      encoding: "utf8",
      timeout: 60_000,
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toContain("client_secret");
    const { accounts } = await runJson<{ accounts: { email: string }[] }>(["account", "list"], {
      data: join(cwd, "symbolon-data"),
    });
    expect(accounts.map(({ email }) => email)).toEqual(["ada@example.com"]);
  }, 60_000);

  test("the configuration keeps its data where every user may write: in the directory of the server", async () => {
    const cwd = temporaryDirectory();
    const config = join(root, "symbolon.config.example.ts");
    await runJson(["app", "create", "--name", "Pasted", "--config", config], { cwd });
    expect(existsSync(join(cwd, "symbolon-data", "symbolon.sqlite"))).toBe(true);
  });
});
