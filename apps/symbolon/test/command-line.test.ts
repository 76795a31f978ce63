import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { commands } from "../src/command/commands.ts";
import { run } from "../src/command/run.ts";
import { runSymbolon, temporaryDirectory } from "./start-server.ts";

const names = commands.map(({ name, operands }) => ({
  name,
  words: name.split(" "),
  operands: operands.map(() => "x"),
}));

/** The same entry as the process has, without the half second that a process takes to start. */
async function runHere(args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const [out, err]: [string[], string[]] = [[], []];
  const terminal = {
    out: (line: string) => void out.push(line),
    err: (line: string) => void err.push(line),
    outStream: process.stdout,
    errIsTerminal: false,
    errIsBehind: () => false,
    readInput: async () => "",
    env: {},
    cwd: temporaryDirectory(),
  };
  const code = await run(args, terminal);
  return { code, stdout: out.join("\n"), stderr: err.join("\n") };
}

describe("every command", () => {
  test.for(names)("$name --help shows the summary and every flag", async ({ name, words }) => {
    const { code, stdout, stderr } = await runHere([...words, "--help"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain(`symbolon ${name}`);
    const flags = Object.keys(commands.find((command) => command.name === name)!.flags);
    for (const flag of [...flags, "json", "help"]) expect(stdout).toContain(`--${flag} `);
  });

  test.for(names)(
    "$name --help indents by nothing, by two, or to the second column, and fits 120 columns",
    async ({ words }) => {
      const { stdout } = await runHere([...words, "--help"]);
      const flags = stdout.slice(stdout.indexOf("\nFlags\n")).split("\n");
      const second = /^ {2}--json +/.exec(flags.find((line) => line.startsWith("  --json"))!)![0].length;
      for (const line of stdout.split("\n")) {
        expect([0, 2, second]).toContain(/^ */.exec(line)![0].length);
        expect(line.length).toBeLessThanOrEqual(120);
      }
    },
  );

  test.for(names)("$name refuses an unknown flag by name", async ({ name, words, operands }) => {
    const { code, stdout, stderr } = await runHere([...words, ...operands, "--wrong-flag", "--also=1"]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(`symbolon ${name} does not know --wrong-flag`);
    expect(stderr).toContain(`symbolon ${name} --help`);
  });
});

describe("the command line", () => {
  test("without a command it lists the commands, with exit code 2", async () => {
    const { code, stdout } = await runSymbolon([]);
    expect(code).toBe(2);
    for (const { name } of names) expect(stdout).toContain(`  ${name} `);
  });

  test("--help lists the commands", async () => expect((await runSymbolon(["--help"])).code).toBe(0));

  test.each(["--version", "-v"])("%s prints the version of the package", async (flag) => {
    const { version } = JSON.parse(readFileSync(join(import.meta.dirname, "../package.json"), "utf8")) as {
      version: string;
    };
    expect(await runHere([flag])).toEqual({ code: 0, stdout: `symbolon ${version}`, stderr: "" });
  });

  test("the process ends with exit code 2 for an unknown flag", async () => {
    const { code, stdout, stderr } = await runSymbolon(["app", "list", "--wrong-flag"]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("--wrong-flag");
  });

  test("lists the commands of a group", async () => {
    const { code, stdout } = await runHere(["app", "--help"]);
    expect(code).toBe(0);
    expect(stdout).toContain("app rotate-secret ID");
    expect(stdout).not.toContain("grant list");
  });

  const misspelt: [string[], string][] = [
    [["sreve"], "did you mean serve?"],
    [["app", "lst"], "did you mean app list?"],
    [["app", "create", "--nam", "N"], "did you mean --name?"],
    [["frobnicate"], "symbolon --help"],
    [["app", "show"], "needs ID"],
    [["app", "show", "a", "b"], '"b"'],
    [["app", "list", "--data"], "--data needs a value: --data DIR"],
    [["app", "list", "--data", "--json"], "--data needs a value"],
    [["app", "list", "--data", "a", "--data", "b"], "--data was given twice"],
    [["app", "list", "--json=yes"], "--json takes no value"],
  ];
  test.for(misspelt)("refuses %j and names the remedy", async ([args, says]) => {
    const { code, stderr } = await runHere(args);
    expect(code).toBe(2);
    expect(stderr).toContain(says);
  });

  test("prints an error as a JSON object with --json", async () => {
    const { code, stdout, stderr } = await runSymbolon(["app", "list", "--json"], {
      data: `${temporaryDirectory()}/none`,
    });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(JSON.parse(stderr)).toEqual({
      error: expect.stringContaining("There is no data in"),
      remedy: expect.stringContaining("--data"),
    });
  });

  test("shortens a token that was pasted in the wrong place", async () => {
    const token = `sym_at_${"A".repeat(64)}`;
    const { stdout, stderr } = await runHere(["app", "list", token]);
    expect(stderr).toContain("sym_at_AAAAA…");
    expect(stdout + stderr).not.toContain(token);
  });

  test("names the Node version that it needs on a Node that is too old", async () => {
    const pretend =
      'data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"20.20.2"}})';
    const { code, stderr } = await runSymbolon(["--help"], { nodeFlags: ["--import", pretend] });
    expect(code).toBe(2);
    expect(stderr).toContain("needs Node 24.18.1 or newer, and this is Node 20.20.2");
    expect(stderr).toContain("npm ci");
  });
});
