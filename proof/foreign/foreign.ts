import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runNpmClients } from "../interop/npm/clients.ts";
import { openPlace } from "../interop/place.ts";
import { writeInteropPage } from "./interop-page.ts";
import { languages, missingCommands, type Language, type Programs } from "./languages.ts";
import { readRows, type Record, type Row } from "./record.ts";
import { openStage } from "./stage.ts";

/**
 * `npm run foreign [-- LANGUAGE…]`: runs unmodified OAuth clients in JavaScript, Python, Go and Java against a server
 * and the emulators, writes `records/<language>.json`, and makes docs/interop.md from the records. A language whose
 * commands are missing is skipped by name and keeps its record. The exit code is 1 if a step failed. Libraries of other
 * languages are downloaded once, into `~/.cache/symbolon-foreign`.
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
  return { language: language.name, date: today(), rows };
}

/** The npm clients, which also run with the tests (proof/interop/npm). */
async function runJavaScript(): Promise<Record> {
  const place = await openPlace();
  try {
    return { language: "JavaScript", date: today(), rows: await runNpmClients(place) };
  } finally {
    await place.close();
  }
}

const today = (): string => new Date().toISOString().slice(0, 10);

const { positionals: asked } = parseArgs({ allowPositionals: true });
const isAsked = (name: string): boolean => asked.length === 0 || asked.includes(name);

let failed = false;

function keep(record: Record): void {
  writeFileSync(join(records, `${record.language.toLowerCase()}.json`), `${JSON.stringify(record, null, 2)}\n`);
  for (const row of record.rows) {
    const failure = row.outcome === "fails";
    failed ||= failure;
    console.log(
      `${failure ? "✗" : "✓"} ${row.client} ${row.version}, ${row.server}: ${row.step}${row.detail === undefined ? "" : `: ${row.detail}`}`,
    );
  }
}

if (isAsked("JavaScript")) keep(await runJavaScript());
for (const language of languages.filter(({ name }) => isAsked(name))) {
  const missing = missingCommands(language);
  if (missing.length > 0) {
    console.log(`- ${language.name}: skipped, this machine has no ${missing.join(", no ")}`);
    continue;
  }
  keep(await runLanguage(language));
}
writeInteropPage();
process.exitCode = failed ? 1 : 0;
