import { exec } from "node:child_process";
import { createServer } from "node:http";
import { promisify } from "node:util";
import type { Authorize } from "@symbolon/conformance";
import { Failure, messageOf, UsageError } from "../command/failure.ts";
import type { Terminal } from "../command/terminal.ts";

const patienceMs = 300_000;

/**
 * A command of the user's that plays the person: it finds the address in AUTHORIZATION_URL, and its last line is where
 * that led.
 */
export const byCommand =
  (command: string): Authorize =>
  async (url) => {
    const { stdout } = await promisify(exec)(command, {
      env: { ...process.env, AUTHORIZATION_URL: url.href },
      timeout: patienceMs,
    });
    const last = stdout.trim().split("\n").at(-1) ?? "";
    if (!URL.canParse(last)) throw new Failure(`The command of --authorize ended without an address in its last line.`);
    return new URL(last);
  };

/**
 * A person with a browser: the address is shown, and whoever allows it arrives at the redirect URI, where we listen.
 */
export function byPerson(redirectUri: string, terminal: Terminal): Authorize {
  const here = new URL(redirectUri);
  if (here.protocol !== "http:" || !/^(?:127\.0\.0\.1|localhost|\[::1\])$/.test(here.hostname))
    throw new UsageError(
      `Nobody listens at ${redirectUri}.`,
      "Register a redirect URI on this computer, such as http://127.0.0.1:8790/callback, or play the person with --authorize COMMAND.",
    );
  let asked = 0;
  return (url) =>
    new Promise((resolve, reject) => {
      const server = createServer((request, response) => {
        const arrived = new URL(request.url ?? "/", here.origin);
        if (arrived.pathname !== here.pathname) return void response.writeHead(404).end();
        response
          .writeHead(200, { "content-type": "text/plain;charset=utf-8", connection: "close" })
          .end("Thank you. The terminal tells how it goes on.\n");
        stop();
        resolve(arrived);
      });
      const timer = setTimeout(() => {
        stop();
        reject(new Failure("Nobody allowed it within five minutes."));
      }, patienceMs);
      function stop(): void {
        clearTimeout(timer);
        server.close();
      }
      server.once("error", (error) => {
        clearTimeout(timer);
        reject(new Failure(`Cannot listen at ${here.origin}: ${messageOf(error)}`));
      });
      server.listen(Number(here.port === "" ? 80 : here.port), here.hostname.replace(/[[\]]/g, ""), () =>
        terminal.err(`Open and allow (${++asked}): ${url.href}`),
      );
    });
}
