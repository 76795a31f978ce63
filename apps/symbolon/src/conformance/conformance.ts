import { writeFile } from "node:fs/promises";
import {
  examine,
  htmlOf,
  summaryOf,
  textOf,
  Unavailable,
  type Endpoints,
  type Report,
  type SubjectOptions,
} from "@symbolon/conformance";
import { command, type Values } from "../command/command.ts";
import { Failure, messageOf, UsageError } from "../command/failure.ts";
import type { Terminal } from "../command/terminal.ts";
import { systemClock } from "../edge/clock.ts";
import { systemRandom } from "../edge/random.ts";
import { byCommand, byUser } from "./authorize.ts";

const methods = ["client_secret_basic", "client_secret_post", "none"] as const;
const endpointNames = [
  "authorization",
  "token",
  "introspection",
  "revocation",
] as const satisfies readonly (keyof Endpoints)[];

const flags = {
  "client-id": {
    type: "string",
    value: "ID",
    summary: "the client id of an application that you registered at the server",
  },
  "client-secret": {
    type: "string",
    value: "S",
    summary: "the client secret (default CONFORMANCE_CLIENT_SECRET; a public client has none)",
  },
  "auth-method": {
    type: "string",
    value: "M",
    summary: `${methods.join(", ")} (default client_secret_basic if there is a secret)`,
  },
  "redirect-uri": {
    type: "string",
    value: "URI",
    summary: "the redirect URI of the client (default http://127.0.0.1:8790/callback)",
  },
  scope: { type: "string", value: "S", summary: "the scope to request" },
  "introspection-client": {
    type: "string",
    value: "ID:SECRET",
    summary: "the credentials for introspection, if the client may not introspect",
  },
  endpoint: {
    type: "string",
    value: "NAME=URL",
    summary: `the URL of an endpoint (${endpointNames.join(", ")}), if the server has no metadata document`,
    multiple: true,
  },
  authorize: {
    type: "string",
    value: "COMMAND",
    summary: "obtain each consent with this command: it reads AUTHORIZATION_URL and prints the final redirect URL last",
  },
  html: { type: "string", value: "FILE", summary: "also write the report as a page to this file" },
} as const;

export const conformance = command({
  name: "conformance",
  operands: ["ISSUER"],
  summary: "check an authorization server against the OAuth RFCs",
  details: `
Example
  symbolon conformance https://id.example.com --client-id app_1 --client-secret … --scope profile

Checks RFC 6749, 7009, 7636, 7662, 8414 and 9207, and refresh tokens that are presented twice, late or ten times at
once.
Needs a client with a loopback redirect URI and about forty consents: from you in a browser, or from a command
(--authorize). Ends tokens and grants of that client only. Exit code 1: a check of level "must" failed.
Exit code 3: none failed, but some are undecided.`,
  flags,
  async run({ flags: asked, operands: [issuer], terminal }) {
    const options = readOptions(issuer, asked, terminal);
    const report = await examineServer(options, terminal);
    if (asked.html !== undefined) await writeReport(asked.html, htmlOf(report));
    terminal.out(asked.json ? JSON.stringify(report) : textOf(report));
    if (asked.json) terminal.err(summaryOf(report));
    const { failed, undecided } = report.counts;
    return failed > 0 ? 1 : undecided > 0 ? 3 : 0;
  },
});

function readOptions(issuer: string, asked: Values<typeof flags>, terminal: Terminal): SubjectOptions {
  if (!URL.canParse(issuer) || !/^https?:/.test(issuer))
    throw new UsageError(`ISSUER must be a URL such as https://id.example.com, not "${issuer.slice(0, 80)}".`);
  const id = asked["client-id"];
  if (id === undefined)
    throw new UsageError(
      "--client-id is needed.",
      "Register an application with a loopback redirect URI at the server first.",
    );
  const method = asked["auth-method"];
  if (method !== undefined && !methods.includes(method as (typeof methods)[number]))
    throw new UsageError(`--auth-method must be one of ${methods.join(", ")}, not ${method.slice(0, 40)}.`);
  const redirectUri = asked["redirect-uri"] ?? "http://127.0.0.1:8790/callback";
  if (!URL.canParse(redirectUri))
    throw new UsageError(`--redirect-uri must be a URL, not "${redirectUri.slice(0, 80)}".`);
  const [introspectionId, introspectionSecret] = asked["introspection-client"]?.split(":") ?? [];
  return {
    issuer,
    client: { id, secret: asked["client-secret"] ?? terminal.env["CONFORMANCE_CLIENT_SECRET"] },
    redirectUri,
    scope: asked.scope,
    endpoints: readEndpoints(asked.endpoint),
    authorize: asked.authorize === undefined ? byUser(redirectUri, terminal) : byCommand(asked.authorize),
    ...(method === undefined ? {} : { clientAuthentication: method as (typeof methods)[number] }),
    ...(introspectionId === undefined
      ? {}
      : { introspectionClient: { id: introspectionId, secret: introspectionSecret } }),
  };
}

function readEndpoints(assignments: readonly string[]): Partial<Endpoints> {
  return Object.fromEntries(
    assignments.map((assignment) => {
      const [name = "", ...rest] = assignment.split("=");
      const url = rest.join("=");
      if (!endpointNames.includes(name as keyof Endpoints) || !URL.canParse(url))
        throw new UsageError(
          `--endpoint must be NAME=URL with one of ${endpointNames.join(", ")}, not "${assignment.slice(0, 80)}".`,
        );
      return [name, url];
    }),
  );
}

async function examineServer(options: SubjectOptions, terminal: Terminal): Promise<Report> {
  const progress = ({ id, at, of }: { id: string; at: number; of: number }): void => {
    if (terminal.errIsTerminal) terminal.err(`${at}/${of} ${id}`);
  };
  try {
    return await examine(options, {
      fetch: (url, init) => fetch(url, { ...init, signal: init?.signal ?? AbortSignal.timeout(30_000) }),
      random: systemRandom,
      epochMs: systemClock.epochMs,
      progress,
    });
  } catch (error) {
    if (error instanceof Unavailable)
      throw new Failure(error.message, "See --endpoint and --authorize in symbolon conformance --help.");
    if (error instanceof TypeError)
      throw new Failure(`No server answers at ${options.issuer}: ${messageOf(error.cause ?? error)}`, "Check ISSUER.", {
        cause: error,
      });
    throw error;
  }
}

async function writeReport(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (error) {
    throw new Failure(`${path} cannot be written: ${messageOf(error)}`, "Check --html.", { cause: error });
  }
}
