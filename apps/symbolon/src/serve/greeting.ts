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

/** What is printed when the server is ready: one JSON object, or what a newcomer wants to know next. */
export function greet(started: Started, asJson: boolean, terminal: Terminal): void {
  const { demo } = started;
  if (asJson) return terminal.out(JSON.stringify({ ready: true, ...started, demo: demo ?? null }));
  const strong = (text: string): string => styleText("bold", text, { stream: terminal.outStream });
  const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);
  const lines = [
    `${strong("Symbolon is ready")} at ${strong(started.issuer)}`,
    `${started.development ? "Development mode; " : ""}data in ${nearPath(started.data, terminal.cwd)}; Ctrl-C stops.`,
    ...(demo === undefined
      ? []
      : [
          "",
          strong("A demo application and a demo account, shown this once"),
          ...indented(labelledLines(Object.entries(demo))),
        ]),
    ...(started.development ? ["", strong("Try next"), ...indented(nextSteps(started))] : []),
    "",
  ];
  lines.forEach(terminal.out);
}

function nextSteps({ issuer, port, demo }: Started): string[] {
  const walk = port === 8787 ? "npx symbolon demo" : `npx symbolon demo --url ${issuer}`;
  const steps: [string, string][] = [[walk, "the whole life of a token, step by step"]];
  if (demo !== undefined)
    steps.push([
      `curl -u ${demo.client_id}:${demo.client_secret} -d grant_type=client_credentials ${issuer}/oauth/token`,
      "a first token",
    ]);
  steps.push([`curl ${issuer}/.well-known/oauth-authorization-server`, "everything it can do"]);
  return steps.flatMap(([typed, what]) => [typed, `  ${what}`]);
}

function nearPath(path: string, cwd: string): string {
  const near = relative(cwd, path);
  return near === "" ? "." : near.startsWith("..") ? path : `./${near}`;
}
