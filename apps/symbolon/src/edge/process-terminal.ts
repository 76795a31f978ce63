import { text } from "node:stream/consumers";
import type { Terminal } from "../command/terminal.ts";

/** What a reader of stderr may leave unread before lines are dropped. */
const patienceBytes = 1024 * 1024;

/**
 * This process, as the commands see it. A reader that has gone away (`symbolon … | head`) is no error, and what cannot
 * be said on stderr, on a disk that is full for one, remains unsaid: a log never ends the server (faults.md R-05,
 *
 */
export function processTerminal(): Terminal {
  process.stdout.on("error", ignoreClosedPipe);
  process.stderr.on("error", () => {});
  return {
    out: (line) => void process.stdout.write(`${line}\n`),
    err: (line) => void process.stderr.write(`${line}\n`),
    outStream: process.stdout,
    errIsTerminal: process.stderr.isTTY === true,
    errIsBehind: () => process.stderr.writableLength > patienceBytes,
    readInput: () => {
      if (process.stdin.isTTY) process.stderr.write("Reading from the terminal; end with Enter and Ctrl-D.\n");
      return text(process.stdin);
    },
    env: process.env,
    cwd: process.cwd(),
  };
}

function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}
