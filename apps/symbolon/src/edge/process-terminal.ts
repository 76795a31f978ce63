import { text } from "node:stream/consumers";
import type { Terminal } from "../command/terminal.ts";

/** How many bytes of stderr may wait for their reader before further lines are dropped. */
const maximumBacklogBytes = 1024 * 1024;

/**
 * The terminal of this process. A closed stdout (`symbolon … | head`) is no error. A failing stderr, for example on a
 * full disk, is ignored: a log must not end the server (faults.md ).
 */
export function processTerminal(): Terminal {
  process.stdout.on("error", ignoreClosedPipe);
  process.stderr.on("error", () => {});
  return {
    ...processStderr(),
    out: (line) => void process.stdout.write(`${line}\n`),
    outStream: process.stdout,
    readInput: () => {
      if (process.stdin.isTTY) process.stderr.write("Reading from the terminal. Press Enter and Ctrl-D at the end.\n");
      return text(process.stdin);
    },
    env: process.env,
    cwd: process.cwd(),
  };
}

export const processStderr = (): Pick<Terminal, "err" | "errIsTerminal" | "errIsBehind"> => ({
  err: (line) => void process.stderr.write(`${line}\n`),
  errIsTerminal: process.stderr.isTTY === true,
  errIsBehind: () => process.stderr.writableLength > maximumBacklogBytes,
});

function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}
