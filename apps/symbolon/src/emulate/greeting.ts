import { styleText } from "node:util";
import type { Emulator } from "@symbolon/emulator";
import { labelledLines } from "../command/print.ts";
import type { Terminal } from "../command/terminal.ts";

/** `authority`: the file with the certificate that clients have to trust; undefined without --tls. */
export type Started = { profile: string; seed: number; emulated: Emulator; authority: string | undefined };

/** Prints that the emulator is ready: one JSON object, or lines with the next commands to try. */
export function greet(started: Started, asJson: boolean, terminal: Terminal): void {
  const { profile, seed, emulated, authority } = started;
  const { url, applications } = emulated;
  if (asJson) {
    const certificate = authority === undefined ? {} : { certificate_authority: authority };
    return terminal.out(
      JSON.stringify({
        ready: true,
        profile,
        seed,
        url,
        control: `${url}/emulator/control`,
        ...certificate,
        applications,
      }),
    );
  }
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
    ...(authority === undefined ? [] : [strong("How clients trust it"), ...indented(trustLines(authority)), ""]),
    strong("Try next"),
    ...indented(nextSteps(url, authority)),
    "",
  ];
  lines.forEach(terminal.out);
}

/** The authority changes at each start, so a Java trust store is made anew. */
const trustLines = (authority: string): string[] =>
  labelledLines([
    ["certificate", authority],
    ["Node", `NODE_EXTRA_CA_CERTS=${authority}`],
    ["Python", `REQUESTS_CA_BUNDLE=${authority} SSL_CERT_FILE=${authority}`],
    [
      "Java",
      `rm -f emulator.p12; keytool -importcert -noprompt -alias emulator -file ${authority} -keystore emulator.p12 -storepass changeit`,
    ],
    ["", "java -Djavax.net.ssl.trustStore=emulator.p12 -Djavax.net.ssl.trustStorePassword=changeit ..."],
    ["curl", `curl --cacert ${authority}`],
  ]);

function nextSteps(url: string, authority: string | undefined): string[] {
  const curl = authority === undefined ? "curl" : `curl --cacert ${authority}`;
  const post = (verb: string, body: object): string =>
    `${curl} -H content-type:application/json -d '${JSON.stringify(body)}' ${url}/emulator/control/${verb}`;
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
