import { isObject } from "../errors/provider-reasons.ts";
import { parseJson } from "../parse-json.ts";
import type { Hooks } from "./hooks.ts";
import { mask, maskBody, maskedText } from "./masks.ts";

/** The methods of `console` that a debug log uses. */
export type DebugLogger = {
  /** Begins the lines of one attempt. */
  group(label?: string): void;
  /** Ends them. */
  groupEnd(): void;
  /** Writes one line. */
  log(...message: unknown[]): void;
};

/**
 * Hooks that write each attempt to `logger`, with all secrets masked: `createClient(profile, { hooks: debugLog(console)
 * })`.
 */
export function debugLog(logger: DebugLogger): Required<Hooks> {
  return {
    beforeRequest({ method, url, headers, body, secrets }, { provider, operation, attempt }) {
      logger.group(`> ${provider} ${operation}, attempt ${attempt}: ${method} ${mask(url, secrets)}`);
      logger.log(maskedHeaders(headers, secrets));
      if (body !== undefined) logger.log(mask(body, secrets));
      logger.groupEnd();
    },
    afterResponse({ status, headers, body, durationMs, secrets }, { provider, operation, attempt }) {
      logger.group(`< ${provider} ${operation}, attempt ${attempt}: ${status} after ${Math.round(durationMs)} ms`);
      logger.log(maskedHeaders(headers, secrets));
      logger.log((status < 400 ? maskedJson(body, secrets) : maskBody(body, secrets)).slice(0, 10_000));
      logger.groupEnd();
    },
    afterError(error, { provider, operation, attempt }) {
      logger.log(`< ${provider} ${operation}, attempt ${attempt}: ${error.message}`);
    },
  };
}

/** Combines several hooks; each is called in the order given. */
export const allHooks = (...hooks: readonly (Hooks | undefined)[]): Hooks => ({
  async beforeRequest(request, context) {
    for (const each of hooks) await each?.beforeRequest?.(request, context);
  },
  async afterResponse(response, context) {
    for (const each of hooks) await each?.afterResponse?.(response, context);
  },
  async afterError(error, context) {
    for (const each of hooks) await each?.afterError?.(error, context);
  },
});

/** Whether an environment variable switches something on: anything but absent, empty, `false`, `0`, `no` and `off`. */
export const isOn = (value: string | undefined): boolean => !/^(?:|false|0|no|off)$/i.test(value?.trim() ?? "");

const secretHeader = /^(?:cookie|set-cookie|location)$|auth|key|secret|token/;

const maskedHeaders = (headers: Headers, secrets: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    [...headers].map(([name, value]) => [
      name,
      secretHeader.test(name) ? value.replace(/^(\w+ )?.*$/, `$1${maskedText}`) : mask(value, secrets),
    ]),
  );

const secretName = /(?:token|code|secret|verifier|password|assertion|jwt|api_?key)$/i;

/**
 * A body below 400, which may contain new tokens: members that are secret by their name are masked for every value, and
 * a body that is not JSON is replaced by its length.
 */
function maskedJson(body: string, secrets: readonly string[]): string {
  const value = parseJson(body);
  if (value === undefined) return body === "" ? "" : `${body.length} characters, ${maskedText}`;
  return mask(
    JSON.stringify(value, (name, member: unknown) =>
      secretName.test(name)
        ? maskedText
        : typeof member === "string" && isObject(parseJson(member))
          ? maskedJson(member, secrets)
          : member,
    ),
    secrets,
  );
}
