import { createHash } from "node:crypto";
import { readCredentials } from "../wire/credentials.ts";
import type { Answer, Ask } from "../wire/message.ts";
import { readParameters, type Parameters } from "../wire/parameters.ts";

/**
 * One request, as it is told: whatever is secret is a fingerprint, the same one that `grants()` gives for the same
 * token.
 */
export type LoggedRequest = {
  number: number;
  /** Milliseconds since 1970, by the emulator's clock. */
  at: number;
  /** Of the route; at the token endpoint the grant type. */
  operation: string;
  endpoint: string;
  method: string;
  path: string;
  client: string | undefined;
  parameters: Readonly<Record<string, string>>;
  authorization: string | undefined;
  /** What was answered, or would have been. */
  status: number;
  error: string | undefined;
  fault: string | undefined;
};

/** Eight hex digits that tell one token from another and are of no other use. */
export const fingerprint = (secret: string): string => createHash("sha256").update(secret).digest("hex").slice(0, 8);

const secrets: ReadonlySet<string> = new Set([
  "token",
  "access_token",
  "refresh_token",
  "code",
  "client_secret",
  "code_verifier",
  "password",
  "client_assertion",
  "refresh_intent",
]);

/**
 * What can be told of a request before it is processed: its parameters, wherever they stand, and the client it names.
 */
export function readTarget(
  ask: Ask,
  operation: string,
): { operations: string[]; client: string | undefined; parameters: Parameters } {
  const parameters = readParameters(ask, ["query", "form", "json"]);
  const grantType = operation === "token" ? parameters.get("grant_type") : undefined;
  const [presented] = readCredentials(ask, parameters);
  return {
    operations: grantType === undefined ? [operation] : [grantType, operation],
    client: presented?.id,
    parameters,
  };
}

export function maskedParameters(parameters: Parameters): Record<string, string> {
  return Object.fromEntries(
    parameters.names.map((name) => [name, secrets.has(name) ? masked(parameters.get(name)!) : parameters.get(name)!]),
  );
}

export function maskedAuthorization({ headers }: Ask): string | undefined {
  const header = headers["authorization"];
  if (header === undefined) return undefined;
  const [scheme = "", ...rest] = header.split(" ");
  return rest.length === 0 ? masked(header) : `${scheme} ${masked(rest.join(" "))}`;
}

const masked = (secret: string): string => `[${fingerprint(secret)}]`;

/** The code of an error, in whichever envelope it came. */
export function errorOf({ status, body }: Answer): string | undefined {
  if (status < 400) return undefined;
  return /"(?:error|errorType|category)":"([\w.-]+)"/.exec(body)?.[1];
}
