import { styleText } from "node:util";
import type { Terminal } from "../command/terminal.ts";

/** One finished step of the demo. `says` explains it; `shown` are the interesting members of the response. */
export type Step = {
  name: string;
  request: string;
  title: string;
  says: string;
  shown: Readonly<Record<string, unknown>>;
};

export type ReportStep = (step: Step) => void;

/** Collects the steps with shortened tokens. Without --json each step is printed as it finishes. */
export function collectSteps(asJson: boolean, { out, outStream }: Terminal): { report: ReportStep; steps: Step[] } {
  const steps: Step[] = [];
  const style = (format: Parameters<typeof styleText>[0], text: string): string =>
    styleText(format, text, { stream: outStream });
  const report = ({ name, request, title, says, shown: members }: Step): void => {
    const shown = Object.fromEntries(Object.entries(members).map(([key, value]) => [key, shortenToken(value)]));
    steps.push({ name, request, title, says, shown });
    if (asJson) return;
    const number = String(steps.length).padStart(2);
    out(`${style("green", "✓")} ${style("bold", `${number}. ${title}`)}  ${style("dim", request)}`);
    out(`      ${says}`);
    for (const [key, value] of Object.entries(shown))
      out(`      ${style("cyan", key)} ${typeof value === "string" ? value : JSON.stringify(value)}`);
    out("");
  };
  return { report, steps };
}

/** Keeps enough of a token to tell it from another, and too little to use it. */
const shortenToken = (value: unknown): unknown =>
  typeof value === "string" && /^sym_[a-z]{2}_/.test(value) ? `${value.slice(0, 7)}…${value.slice(-6)}` : value;
