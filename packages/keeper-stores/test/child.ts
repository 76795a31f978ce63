import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";

export type Child = { process: ChildProcess; lines: string[]; ended: Promise<NodeJS.Signals | number | null> };

/** Runs a file of this folder in a new process. `onLine` is called with each line that it prints. */
export function startChild(
  file: string,
  args: readonly string[],
  onLine: (line: string, child: ChildProcess) => void = () => {},
): Child {
  const child = spawn(process.execPath, [join(import.meta.dirname, file), ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines: string[] = [];
  const reader = createInterface(child.stdout);
  reader.on("line", (line) => {
    lines.push(line);
    onLine(line, child);
  });
  const read = new Promise((resolve) => reader.once("close", resolve));
  const exited = new Promise<NodeJS.Signals | number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(signal ?? code));
  });
  return { process: child, lines, ended: Promise.all([exited, read]).then(([how]) => how) };
}
