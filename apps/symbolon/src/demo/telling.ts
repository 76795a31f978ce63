import { styleText } from "node:util";
import type { Terminal } from "../command/terminal.ts";

export type Step = {
  name: string;
  request: string;
  title: string;
  says: string;
  shown: Readonly<Record<string, unknown>>;
};

export type Tell = (
  name: string,
  request: string,
  title: string,
  summary: string,
  shown: Readonly<Record<string, unknown>>,
) => void;

/** Keeps every step, tokens shortened, and prints it as it happens unless a machine waits for the whole. */
export function newTelling(asJson: boolean, { out, outStream }: Terminal): { tell: Tell; steps: readonly Step[] } {
  const steps: Step[] = [];
  const style = (format: Parameters<typeof styleText>[0], text: string): string =>
    styleText(format, text, { stream: outStream });
  return {
    steps,
    tell(name, request, title, says, members) {
      const shown = Object.fromEntries(Object.entries(members).map(([key, value]) => [key, shorten(value)]));
      steps.push({ name, request, title, says, shown });
      if (asJson) return;
      out(
        `${style("green", "✓")} ${style("bold", `${String(steps.length).padStart(2)}. ${title}`)}  ${style("dim", request)}`,
      );
      out(`      ${says}`);
      for (const [key, value] of Object.entries(shown))
        out(`      ${style("cyan", key)} ${typeof value === "string" ? value : JSON.stringify(value)}`);
      out("");
    },
  };
}

/** Enough of a token to tell one from another, too little to use. */
const shorten = (value: unknown): unknown =>
  typeof value === "string" && /^sym_[a-z]{2}_/.test(value) ? `${value.slice(0, 7)}…${value.slice(-6)}` : value;
