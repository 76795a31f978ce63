import { expect, test } from "vitest";
import { commands } from "../src/command/commands.ts";
import { run } from "../src/command/run.ts";
import { newHome } from "./login.ts";

test.for([
  [["login", "gsto"], "did you mean gusto"],
  [["login", "symbolon", "--client-id", "x"], "--server is needed"],
  [["login", "gusto"], "--client-id is needed"],
  [["login", "gusto", "--client-id", "x", "--port", "99999"], "--port must be"],
  [["login", "gusto", "--client-id", "x", "--name", "a b"], "The name of a grant must be"],
  [["token", "gusto", "--min-life", "soon"], "--min-life must be"],
  [["token", "a/../b"], "The name of a grant must be"],
] as const)("refuses %j", async ([args, says]) => {
  expect(await runHere(args)).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining(says) });
});

test("refuses grant names that are subcommands of `symbolon token`", async () => {
  const below = commands
    .map(({ name }) => name.split(" "))
    .filter(([group, verb]) => group === "token" && verb !== undefined);
  expect(below.length).toBeGreaterThan(0);
  for (const [, verb] of below)
    expect(await runHere(["login", "gusto", "--client-id", "x", "--name", verb!])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("is a command"),
    });
});

/** Without the second that a process takes to start. */
async function runHere(args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  let [stdout, stderr] = ["", ""];
  const terminal = {
    out: (line: string) => void (stdout += line),
    err: (line: string) => void (stderr += line),
    outStream: process.stdout,
    errIsTerminal: false,
    errIsBehind: () => false,
    readInput: async () => "",
    env: { SYMBOLON_KEEPER: newHome().records },
    cwd: newHome().path,
  };
  return { code: await run(args, terminal), stdout, stderr };
}
