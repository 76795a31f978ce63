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
import { byCommand, byPerson } from "./authorize.ts";

const methods = ["client_secret_basic", "client_secret_post", "none"] as const;
const endpointNames = [
  "authorization",
  "token",
  "introspection",
  "revocation",
] as const satisfies readonly (keyof Endpoints)[];

const flags = {
  "client-id": { type: "string", value: "ID", summary: "of an application that you registered there" },
  "client-secret": {
    type: "string",
    value: "S",
    summary: "its secret (or CONFORMANCE_CLIENT_SECRET; a public client has none)",
  },
  "auth-method": {
    type: "string",
    value: "M",
    summary: `${methods.join(", ")} (default Basic where there is a secret)`,
  },
  "redirect-uri": {
    type: "string",
    value: "URI",
    summary: "its redirect URI (default http://127.0.0.1:8790/callback)",
  },
  scope: { type: "string", value: "S", summary: "what to ask for" },
  "introspection-client": {
    type: "string",
    value: "ID:SECRET",
    summary: "who introspects, where the application may not",
  },
  endpoint: {
    type: "string",
    value: "NAME=URL",
    summary: `${endpointNames.join(", ")}: where there is no metadata document`,
    multiple: true,
  },
  authorize: {
    type: "string",
    value: "COMMAND",
    summary:
      "obtains each consent: finds the URL in the environment variable AUTHORIZATION_URL, prints the redirect URL last",
  },
  html: { type: "string", value: "FILE", summary: "write the report there as a page, too" },
} as const;

export const conformance = command({
  name: "conformance",
  operands: ["ISSUER"],
  summary: "ask any authorization server what it keeps of the RFCs",
  details: `
  symbolon conformance https://id.example.com --client-id app_1 --client-secret … --scope profile

Checks RFC 6749, 7009, 7636, 7662, 8414 and 9207, and refresh tokens that are presented twice, late or ten times at once.
Needs a client with a loopback redirect URI and about forty consents: from you in a browser, or from a command
(--authorize). Ends tokens and grants of that client only. Exit code 1: a check of level "must" failed.
Exit code 3: none failed, but some are undecided.`,
  flags,
  async run({ flags: asked, operands: [issuer], terminal }) {
    const options = readOptions(issuer, asked, terminal);
    const report = await run(options, terminal);
    if (asked.html !== undefined) await write(asked.html, htmlOf(report));
    terminal.out(asked.json ? JSON.stringify(report) : textOf(report));
    if (asked.json) terminal.err(summaryOf(report));
    const { failed, undecided } = report.counts;
    return failed > 0 ? 1 : undecided > 0 ? 3 : 0;
  },
});

function readOptions(issuer: string, asked: Values<typeof flags>, terminal: Terminal): SubjectOptions {
  if (!URL.canParse(issuer) || !/^https?:/.test(issuer))
    throw new UsageError(`ISSUER must be an address such as https://id.example.com, not "${issuer.slice(0, 80)}".`);
  const id = asked["client-id"];
  if (id === undefined)
    throw new UsageError(
      "--client-id is missing.",
      "Register an application at the server first, with a redirect URI on this computer.",
    );
  const method = asked["auth-method"];
  if (method !== undefined && !methods.includes(method as (typeof methods)[number]))
    throw new UsageError(`--auth-method must be one of ${methods.join(", ")}.`);
  const redirectUri = asked["redirect-uri"] ?? "http://127.0.0.1:8790/callback";
  if (!URL.canParse(redirectUri)) throw new UsageError("--redirect-uri must be an address.");
  const [introspectionId, introspectionSecret] = asked["introspection-client"]?.split(":") ?? [];
  return {
    issuer,
    client: { id, secret: asked["client-secret"] ?? terminal.env["CONFORMANCE_CLIENT_SECRET"] },
    redirectUri,
    scope: asked.scope,
    endpoints: readEndpoints(asked.endpoint),
    authorize: asked.authorize === undefined ? byPerson(redirectUri, terminal) : byCommand(asked.authorize),
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

async function run(options: SubjectOptions, terminal: Terminal): Promise<Report> {
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
      throw new Failure(`No server answers at ${options.issuer}: ${messageOf(error.cause ?? error)}`, undefined, {
        cause: error,
      });
    throw error;
  }
}

async function write(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (error) {
    throw new Failure(`${path} cannot be written: ${messageOf(error)}`, undefined, { cause: error });
  }
}
