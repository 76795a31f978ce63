import { styleText } from "node:util";
import type { Emulator } from "@symbolon/emulator";
import { labelledLines } from "../command/print.ts";
import type { Terminal } from "../command/terminal.ts";

/** Prints that the emulator is ready: one JSON object, or lines with the next commands to try. */
export function greet(
  profile: string,
  seed: number,
  { url, applications }: Emulator,
  asJson: boolean,
  terminal: Terminal,
): void {
  if (asJson)
    return terminal.out(
      JSON.stringify({ ready: true, profile, seed, url, control: `${url}/emulator/control`, applications }),
    );
  const strong = (text: string): string => styleText("bold", text, { stream: terminal.outStream });
  const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);
  const [first] = applications;
  const lines = [
    `${strong(`${profile} is emulated`)} at ${strong(url)}`,
    `All data is made up and kept in memory; seed ${seed}; Ctrl-C stops the emulator.`,
    "",
    strong(applications.length === 1 ? "The application" : `The first of ${applications.length} applications`),
    ...indented(
      labelledLines([
        ["client_id", first!.clientId],
        ["client_secret", first!.clientSecret ?? "none"],
        ["redirect_uri", first!.redirectUris.join(" ")],
      ]),
    ),
    "",
    strong("Try next"),
    ...indented(nextSteps(url)),
    "",
  ];
  lines.forEach(terminal.out);
}

function nextSteps(url: string): string[] {
  const post = (verb: string, body: object): string =>
    `curl -H content-type:application/json -d '${JSON.stringify(body)}' ${url}/emulator/control/${verb}`;
  const steps: [string, string][] = [
    [`${url}/emulator`, "applications, requests and grants, in a browser"],
    [post("consent", {}), "issues a first pair of tokens, without a browser"],
    [post("advance", { seconds: 3600 }), "moves the clock an hour ahead"],
    [
      post("fault", { what: "drop_answer", operation: "refresh_token", times: 1 }),
      "loses the response of the next refresh",
    ],
  ];
  return steps.flatMap(([typed, result]) => [typed, `  ${result}`]);
}
