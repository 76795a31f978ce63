import { styleText } from "node:util";
import { relative } from "node:path";
import type { Terminal } from "../command/terminal.ts";
import { labelledLines } from "../command/print.ts";
import type { DemoCredentials } from "./demo-registration.ts";

export type Started = {
  issuer: string;
  port: number;
  data: string;
  development: boolean;
  demo: DemoCredentials | undefined;
};

/** Prints that the server is ready: one JSON object, or lines with the next commands to try. */
export function greet(started: Started, asJson: boolean, terminal: Terminal): void {
  const { demo } = started;
  if (asJson) return terminal.out(JSON.stringify({ ready: true, ...started, demo: demo ?? null }));
  const strong = (text: string): string => styleText("bold", text, { stream: terminal.outStream });
  const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);
  const lines = [
    `${strong("Symbolon is ready")} at ${strong(started.issuer)}`,
    `${started.development ? "Development mode; " : ""}data in ${shortPath(started.data, terminal.cwd)}; Ctrl-C stops the server.`,
    ...(demo === undefined
      ? []
      : [
          "",
          strong("Demo application and demo account (the secrets are shown only now)"),
          ...indented(labelledLines(Object.entries(demo))),
        ]),
    ...(started.development ? ["", strong("Try next"), ...indented(nextSteps(started))] : []),
    "",
  ];
  lines.forEach(terminal.out);
}

function nextSteps({ issuer, port, demo }: Started): string[] {
  const demoCommand = port === 8787 ? "npx symbolon demo" : `npx symbolon demo --url ${issuer}`;
  const steps: [string, string][] = [[demoCommand, "the life of a token, step by step"]];
  if (demo !== undefined)
    steps.push([
      `curl -u ${demo.client_id}:${demo.client_secret} -d grant_type=client_credentials ${issuer}/oauth/token`,
      "a first access token",
    ]);
  steps.push([`curl ${issuer}/.well-known/oauth-authorization-server`, "the metadata of the server (RFC 8414)"]);
  return steps.flatMap(([typed, result]) => [typed, `  ${result}`]);
}

function shortPath(path: string, cwd: string): string {
  const shorter = relative(cwd, path);
  return shorter === "" ? "." : shorter.startsWith("..") ? path : `./${shorter}`;
}
