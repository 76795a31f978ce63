import { styleText } from "node:util";
import { command } from "../command/command.ts";
import { Failure, UsageError } from "../command/failure.ts";
import { walk } from "./story.ts";
import { newTelling } from "./telling.ts";

export const demo = command({
  name: "demo",
  operands: [],
  summary: "walk through the whole life of a token, against a development server",
  details: `
  npm start                 in one terminal
  npx symbolon demo         in another

Sign-in, consent, code, tokens, introspection, refresh, a lost answer, reuse caught, revocation: each step over HTTP,
with a throw-away application and account. The exit code is 1 when any step does not behave.`,
  flags: { url: { type: "string", value: "URL", summary: "the server (default http://localhost:8787)" } },
  async run({ flags, terminal }) {
    const url = readUrl(flags.url ?? "http://localhost:8787");
    const { tell, steps } = newTelling(flags.json, terminal);
    if (!flags.json) terminal.out(`${styleText("bold", "Symbolon demo", { stream: terminal.outStream })} at ${url}\n`);
    try {
      await walk(url, tell);
    } catch (error) {
      if (!(error instanceof Failure) || steps.length === 0) throw error;
      if (!flags.json)
        throw new Failure(`Step ${steps.length + 1} did not behave. ${error.message}`, error.remedy, { cause: error });
      terminal.out(JSON.stringify({ ok: false, url, steps, problem: error.message }));
      return 1;
    }
    if (flags.json) terminal.out(JSON.stringify({ ok: true, url, steps }));
    else terminal.out(styleText("green", `All ${steps.length} steps behaved.`, { stream: terminal.outStream }));
    return 0;
  },
});

function readUrl(text: string): string {
  if (URL.canParse(text) && /^https?:/.test(text)) return new URL(text).origin;
  throw new UsageError(`--url must be an address such as http://localhost:8787, not "${text.slice(0, 80)}".`);
}
