import { exec } from "node:child_process";
import { createServer } from "node:http";
import { promisify } from "node:util";
import type { Authorize } from "@symbolon/conformance";
import { Failure, messageOf, UsageError } from "../command/failure.ts";
import type { Terminal } from "../command/terminal.ts";

const timeoutMs = 300_000;

/**
 * Obtains consent with a command of the operator. It finds the authorization URL in AUTHORIZATION_URL, and prints the
 * URL of the final redirect in its last line.
 */
export const byCommand =
  (command: string): Authorize =>
  async (url) => {
    const { stdout } = await promisify(exec)(command, {
      env: { ...process.env, AUTHORIZATION_URL: url.href },
      timeout: timeoutMs,
    });
    const last = stdout.trim().split("\n").at(-1) ?? "";
    if (!URL.canParse(last))
      throw new Failure(
        "The command of --authorize printed no URL in its last line.",
        "It must print the URL of the final redirect.",
      );
    return new URL(last);
  };

/** Obtains consent from the operator: prints the authorization URL and waits for the response at the redirect URI. */
export function byUser(redirectUri: string, terminal: Terminal): Authorize {
  const listenUrl = new URL(redirectUri);
  if (listenUrl.protocol !== "http:" || !/^(?:127\.0\.0\.1|localhost|\[::1\])$/.test(listenUrl.hostname))
    throw new UsageError(
      `--redirect-uri must be on this computer, not ${redirectUri}.`,
      "Register a loopback redirect URI, such as http://127.0.0.1:8790/callback, or obtain consent with --authorize COMMAND.",
    );
  let count = 0;
  return (url) =>
    new Promise((resolve, reject) => {
      const server = createServer((request, response) => {
        const redirected = new URL(request.url ?? "/", listenUrl.origin);
        if (redirected.pathname !== listenUrl.pathname) return void response.writeHead(404).end();
        response
          .writeHead(200, { "content-type": "text/plain;charset=utf-8", connection: "close" })
          .end("Thank you. Continue in the terminal.\n");
        stop();
        resolve(redirected);
      });
      const timer = setTimeout(() => {
        stop();
        reject(
          new Failure(
            "There was no consent within five minutes.",
            "Run the command again, or use --authorize COMMAND.",
          ),
        );
      }, timeoutMs);
      function stop(): void {
        clearTimeout(timer);
        server.close();
      }
      server.once("error", (error) => {
        clearTimeout(timer);
        reject(
          new Failure(`Cannot listen at ${listenUrl.origin}: ${messageOf(error)}`, "Choose another --redirect-uri."),
        );
      });
      server.listen(Number(listenUrl.port === "" ? 80 : listenUrl.port), listenUrl.hostname.replace(/[[\]]/g, ""), () =>
        terminal.err(`Open and allow (${++count}): ${url.href}`),
      );
    });
}
