import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { writeInteropPage } from "./interop-page.ts";
import { languages, missingCommands, type Language, type Programs } from "./languages.ts";
import { readRows, type Record, type Row } from "./record.ts";
import { openStage } from "./stage.ts";

/**
 * `npm run foreign`: runs unmodified OAuth clients in Python, Go and Java against a server and the emulators, writes
 * `records/<language>.json`, and makes docs/interop.md from the records. A language whose commands are missing is
 * skipped by name and keeps its record. The exit code is 1 if a step failed. The libraries are downloaded once, into
 * `~/.cache/symbolon-foreign`.
 */
const cache = join(homedir(), ".cache", "symbolon-foreign");
const records = join(import.meta.dirname, "records");

async function runProgram({ name, command, args, cwd }: Programs[number], env: NodeJS.ProcessEnv): Promise<Row[]> {
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  let complaints = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (complaints += chunk.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  const rows = readRows(output);
  if (code !== 0 || rows.length === 0) throw new Error(`${name} ended with ${code}:\n${complaints.slice(-2000)}`);
  return rows;
}

async function runLanguage(language: Language): Promise<Record> {
  mkdirSync(cache, { recursive: true });
  const programs = await language.prepare(cache);
  await using stage = await openStage();
  const rows: Row[] = [];
  for (const program of programs) rows.push(...(await runProgram(program, stage.env)));
  return { language: language.name, date: new Date().toISOString().slice(0, 10), rows };
}

let failed = false;
for (const language of languages) {
  const missing = missingCommands(language);
  if (missing.length > 0) {
    console.log(`- ${language.name}: skipped, this machine has no ${missing.join(", no ")}`);
    continue;
  }
  const record = await runLanguage(language);
  writeFileSync(join(records, `${language.name.toLowerCase()}.json`), `${JSON.stringify(record, null, 2)}\n`);
  for (const row of record.rows) {
    const failure = row.outcome === "fails";
    failed ||= failure;
    console.log(
      `${failure ? "✗" : "✓"} ${row.client} ${row.version}, ${row.server}: ${row.step}${row.detail === undefined ? "" : `: ${row.detail}`}`,
    );
  }
}
writeInteropPage();
process.exitCode = failed ? 1 : 0;
