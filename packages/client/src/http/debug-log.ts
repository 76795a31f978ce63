import type { Hooks } from "./hooks.ts";
import { isObject } from "../errors/reason.ts";
import { parsed } from "../parsed.ts";
import { mask, maskBody, sealedText } from "./masks.ts";

/** What `console` is. */
export type DebugLogger = { group(label?: string): void; groupEnd(): void; log(...message: unknown[]): void };

/** Hooks that write every attempt to a log, with all that is secret masked. */
export function debugLog(logger: DebugLogger): Required<Hooks> {
  const headersOf = (headers: Headers, secrets: readonly string[]): Record<string, string> =>
    Object.fromEntries(
      [...headers].map(([name, value]) => [
        name,
        /^(?:cookie|set-cookie|location)$|auth|key|secret|token/.test(name)
          ? value.replace(/^(\w+ )?.*$/, "$1[sealed]")
          : mask(value, secrets),
      ]),
    );
  return {
    beforeRequest({ method, url, headers, body, secrets }, { provider, operation, attempt }) {
      logger.group(`> ${provider} ${operation}, attempt ${attempt}: ${method} ${mask(url, secrets)}`);
      logger.log(headersOf(headers, secrets));
      if (body !== undefined) logger.log(mask(body, secrets));
      logger.groupEnd();
    },
    afterAnswer({ status, headers, body, durationMs, secrets }, { provider, operation, attempt }) {
      logger.group(`< ${provider} ${operation}, attempt ${attempt}: ${status} after ${Math.round(durationMs)} ms`);
      logger.log(headersOf(headers, secrets));
      logger.log((status < 400 ? sealed(body, secrets) : maskBody(body, secrets)).slice(0, 10_000));
      logger.groupEnd();
    },
    afterError(error, { provider, operation, attempt }) {
      logger.log(`< ${provider} ${operation}, attempt ${attempt}: ${error.message}`);
    },
  };
}

const secretName = /(?:token|code|secret|verifier|password|assertion|jwt|api_?key)$/i;

/**
 * What is no refusal may hold new tokens: members that are secret by their name go whatever they hold, and so does what
 * is no JSON.
 */
function sealed(body: string, secrets: readonly string[]): string {
  const value = parsed(body);
  if (value === undefined) return body === "" ? "" : `${body.length} characters, ${sealedText}`;
  return mask(
    JSON.stringify(value, (name, member: unknown) =>
      secretName.test(name)
        ? sealedText
        : typeof member === "string" && isObject(parsed(member))
          ? sealed(member, secrets)
          : member,
    ),
    secrets,
  );
}

/** Several hooks as one, called in their order. */
export const allHooks = (...hooks: readonly (Hooks | undefined)[]): Hooks => ({
  async beforeRequest(request, context) {
    for (const each of hooks) await each?.beforeRequest?.(request, context);
  },
  async afterAnswer(answer, context) {
    for (const each of hooks) await each?.afterAnswer?.(answer, context);
  },
  async afterError(error, context) {
    for (const each of hooks) await each?.afterError?.(error, context);
  },
});

/** Whether a variable switches something on; `false`, `0`, `no`, `off` and nothing do not. */
export const isOn = (value: string | undefined): boolean => !/^(?:|false|0|no|off)$/i.test(value?.trim() ?? "");
