import { styleText } from "node:util";
import { command } from "../command/command.ts";
import { Failure, UsageError } from "../command/failure.ts";
import { collectSteps } from "./steps.ts";
import { runTokenLife } from "./token-life.ts";

export const demo = command({
  name: "demo",
  operands: [],
  summary: "show the whole life of a token against a development server",
  details: `
Example
  symbolon serve --dev      in one terminal
  symbolon demo             in another

Sign-in, consent, code, tokens, introspection, refresh, a lost response, reuse detection and revocation: each step uses
HTTP, with a throw-away application and account. The exit code is 1 if a step has a wrong result.`,
  flags: { url: { type: "string", value: "URL", summary: "the URL of the server (default http://localhost:8787)" } },
  async run({ flags, terminal }) {
    const url = readUrl(flags.url ?? "http://localhost:8787");
    const { report, steps } = collectSteps(flags.json, terminal);
    if (!flags.json) terminal.out(`${styleText("bold", "Symbolon demo", { stream: terminal.outStream })} at ${url}\n`);
    try {
      await runTokenLife(url, report);
    } catch (error) {
      if (!(error instanceof Failure) || steps.length === 0) throw error;
      if (!flags.json)
        throw new Failure(`Step ${steps.length + 1} failed. ${error.message}`, error.remedy, { cause: error });
      terminal.out(JSON.stringify({ ok: false, url, steps, problem: error.message }));
      return 1;
    }
    if (flags.json) terminal.out(JSON.stringify({ ok: true, url, steps }));
    else terminal.out(styleText("green", `All ${steps.length} steps passed.`, { stream: terminal.outStream }));
    return 0;
  },
});

function readUrl(text: string): string {
  if (URL.canParse(text) && /^https?:/.test(text)) return new URL(text).origin;
  throw new UsageError(`--url must be a URL such as http://localhost:8787, not "${text.slice(0, 80)}".`);
}
