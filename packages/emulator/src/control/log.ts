import { createHash } from "node:crypto";
import { readCredentials } from "../wire/credentials.ts";
import type { EmulatorResponse, EmulatorRequest } from "../wire/message.ts";
import { readParameters, type Parameters } from "../wire/parameters.ts";

/** A logged request. Secrets are fingerprints, the same as those that `grants()` returns for the same token. */
export type LoggedRequest = {
  /** Counted from 1. */
  number: number;
  /** Milliseconds since 1970, by the emulator's clock. */
  at: number;
  /** The route's operation; at the token endpoint the grant type. */
  operation: string;
  /** The route's operation. */
  endpoint: string;
  /** The HTTP method. */
  method: string;
  /** Below the base path. */
  path: string;
  /** The client_id, if it could be read. */
  client: string | undefined;
  /** Of query, form or JSON; secrets are fingerprints. */
  parameters: Readonly<Record<string, string>>;
  /** The Authorization header; its secret is a fingerprint. */
  authorization: string | undefined;
  /** The status of the answer, sent or not. */
  status: number;
  /** The error code in the answer. */
  error: string | undefined;
  /** The fault that was applied. */
  fault: string | undefined;
};

/** Eight hex digits that authenticate a token without revealing it. */
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

/** Reads from an unprocessed request its operations, its client and its parameters from query, form or JSON. */
export function readTarget(
  request: EmulatorRequest,
  operation: string,
): { operations: string[]; client: string | undefined; parameters: Parameters } {
  const parameters = readParameters(request, ["query", "form", "json"]);
  const grantType = operation === "token" ? parameters.get("grant_type") : undefined;
  const [presented] = readCredentials(request, parameters);
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

export function maskedAuthorization({ headers }: EmulatorRequest): string | undefined {
  const header = headers["authorization"];
  if (header === undefined) return undefined;
  const [scheme = "", ...rest] = header.split(" ");
  return rest.length === 0 ? masked(header) : `${scheme} ${masked(rest.join(" "))}`;
}

const masked = (secret: string): string => `[${fingerprint(secret)}]`;

/** The error code, from any of the providers' error envelopes. */
export function errorOf({ status, body }: EmulatorResponse): string | undefined {
  if (status < 400) return undefined;
  return /"(?:error|errorType|category)":"([\w.-]+)"/.exec(body)?.[1];
}
