import { platformWorld } from "@symbolon/client";
import type { KeptToken } from "@symbolon/client/keeper";
import { command } from "../command/command.ts";
import { Failure, UsageError } from "../command/failure.ts";
import { print } from "../command/print.ts";
import { providerOf, readConnection } from "../keeper/connection.ts";
import { readName } from "../keeper/name.ts";
import { keeperFlags, withKeeper } from "../keeper/open.ts";

export const token = command({
  name: "token",
  operands: ["NAME"],
  summary: "print an access token of a grant, refreshed if necessary",
  details: `
Examples
  symbolon token gusto --header | curl -H @- https://api.gusto-demo.com/v1/me
  curl -H "Authorization: Bearer $(symbolon token gusto)" https://api.gusto-demo.com/v1/me

The first form keeps the token out of the list of processes. Any number of scripts may run the command at once: one of
them refreshes, the others wait for it. If the API answers 401, report it, and the token is refreshed once for all
scripts:

  token=$(printf %s "$token" | symbolon token gusto --rejected)

At most one such refresh is made within a minute. Until then the command prints the rejected token again, with exit
code 0, and says so on stderr.

symbolon login makes the grant. symbolon token explain and symbolon token revoke are for tokens of your own server.`,
  flags: {
    header: { type: "boolean", summary: "print the whole header line: Authorization: Bearer ..." },
    "min-life": {
      type: "string",
      value: "SECONDS",
      summary: "refresh the token if it expires sooner than this (at most four fifths of its lifetime)",
    },
    rejected: { type: "boolean", summary: "read from stdin the token that the API answered with 401" },
    ...keeperFlags,
  },
  async run(invocation) {
    const { flags, operands, terminal } = invocation;
    const name = readName(operands[0]);
    const minimumLifeSeconds = readSeconds(flags["min-life"]);
    const rejected = flags.rejected
      ? (await terminal.readInput())
          .trim()
          .replace(/^authorization:\s*/i, "")
          .replace(/^bearer\s+/i, "")
      : undefined;
    if (rejected === "")
      throw new UsageError("There is no token on stdin.", `printf %s "$TOKEN" | symbolon token ${name} --rejected`);
    return await withKeeper(invocation, false, async ({ store, vault, keeperOf }) => {
      const connection = await readConnection(name, store, vault);
      if (connection === undefined)
        throw new Failure(
          `There is no grant ${name}.`,
          "symbolon keeper status lists the grants. symbolon login PROFILE makes one.",
        );
      await using keeper = keeperOf([providerOf(connection)]);
      const stop = new AbortController();
      platformWorld.sleep(waitNoticeMs, stop.signal).then(
        () =>
          terminal.err(
            `${name} is being refreshed by this or another process. If that process ran on another machine and has died, this can take a minute.`,
          ),
        () => undefined,
      );
      const kept = await keeper
        .token(name, {
          ...(minimumLifeSeconds === undefined ? {} : { minimumLifeSeconds }),
          ...(rejected === undefined ? {} : { rejected }),
        })
        .finally(() => stop.abort());
      const value = kept.accessToken.reveal();
      if (value === rejected) terminal.err(describeSameToken(name));
      return print(invocation, describeToken(value, kept), [flags.header ? `Authorization: Bearer ${value}` : value]);
    });
  },
});

const describeSameToken = (name: string): string =>
  `The token of ${name} is the one that you reported: it was refreshed for this reason less than a minute ago, and is not refreshed again so soon. ` +
  "If the API answers 401 to it, the token is not the cause: check its scope and audience, and that the API belongs to this provider.";

/** After this time the command tells why it waits. */
const waitNoticeMs = 3000;

const describeToken = (accessToken: string, { expiresInSeconds, scope, version, volatile }: KeptToken) => ({
  access_token: accessToken,
  token_type: "Bearer",
  expires_in: expiresInSeconds ?? null,
  scope: scope?.join(" ") ?? null,
  version,
  stored: !volatile,
});

function readSeconds(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,7}$/.test(text)) return Number(text);
  throw new UsageError(`--min-life must be a whole number of seconds, not "${text.slice(0, 40)}".`);
}
