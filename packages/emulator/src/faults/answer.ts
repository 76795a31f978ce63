import type { World } from "../world.ts";
import { withHeaders, type EmulatorResponse } from "../wire/message.ts";
import type { Fault } from "./fault.ts";

/** An answer and how the connection's owner delivers it. */
export type Delivery = {
  /** The answer. */
  answer: EmulatorResponse;
  /** How much of it is sent, and how the connection ends. */
  manner: "whole" | "cut_before" | "silence" | "reset_midway" | "end_midway" | { msPerByte: number };
};

/** Builds a provider's error answer for a status. */
type ErrorFor = (status: number, code?: string) => EmulatorResponse;

/** Processes a request under a fault. `process` is called once, not at all, or twice. */
export async function answerUnder(
  fault: Fault | undefined,
  process: () => EmulatorResponse,
  errorFor: ErrorFor,
  world: World,
  signal?: AbortSignal,
): Promise<Delivery> {
  switch (fault?.what) {
    case undefined:
      return whole(process());
    case "drop_request":
      return { answer: nothing, manner: "cut_before" };
    case "drop_answer":
      return { answer: process(), manner: "cut_before" };
    case "hang":
      return { answer: process(), manner: "silence" };
    case "reset":
      return { answer: process(), manner: "reset_midway" };
    case "half_close":
      return { answer: process(), manner: "end_midway" };
    case "delay": {
      if (fault.when === "before_processing") return world.sleep(fault.ms, signal).then(() => whole(process()));
      const answer = process();
      return world.sleep(fault.ms, signal).then(() => whole(answer));
    }
    case "slow_body":
      return { answer: process(), manner: { msPerByte: fault.msPerByte } };
    case "status":
      if (fault.processed === true) process();
      return whole(statusAnswer(fault, errorFor));
    case "html":
      if (fault.processed === true) process();
      return whole(htmlAnswer(fault.status ?? 502));
    case "malformed": {
      const answer = process();
      return whole({ ...answer, body: answer.body.slice(0, Math.floor(answer.body.length / 2)) });
    }
    case "wrong_iss":
      return whole(withIssuer(process(), fault.iss ?? "https://attacker.example"));
    case "duplicate": {
      const first = process();
      const second = process();
      return whole(fault.answer === "first" ? first : second);
    }
  }
}

const whole = (answer: EmulatorResponse): Delivery => ({ answer, manner: "whole" });

const nothing: EmulatorResponse = { status: 200, headers: {}, body: "" };

const statusAnswer = (
  { status, code, retryAfterSeconds }: Fault & { what: "status" },
  errorFor: ErrorFor,
): EmulatorResponse =>
  withHeaders(
    errorFor(status, code),
    retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) },
  );

const htmlAnswer = (status: number): EmulatorResponse => ({
  status,
  headers: { "content-type": "text/html; charset=utf-8" },
  body: `<!doctype html><html><head><title>${status}</title></head><body><h1>${status}</h1><p>emulated gateway</p></body></html>`,
});

/** Replaces `iss` in a redirect and `issuer` in metadata. */
function withIssuer(answer: EmulatorResponse, issuer: string): EmulatorResponse {
  const location = answer.headers["location"];
  if (location !== undefined)
    return withHeaders(answer, { location: location.replace(/([?&#]iss=)[^&#]*/, `$1${encodeURIComponent(issuer)}`) });
  return { ...answer, body: answer.body.replace(/("issuer":)"[^"]*"/, `$1${JSON.stringify(issuer)}`) };
}
