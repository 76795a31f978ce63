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
  summary: "print an access token of a grant that you logged in for, refreshed if that is due",
  details: `
So that a script need not know of refreshing:

  symbolon token gusto --header | curl -H @- https://api.gusto-demo.com/v1/me
  curl -H "Authorization: Bearer $(symbolon token gusto)" https://api.gusto-demo.com/v1/me

The first keeps the token out of the list of processes. Any number of scripts may ask at once: one of them refreshes, the
others wait for it. When the API answers 401, say so, and the token is refreshed once for all of you:

  token=$(printf %s "$token" | symbolon token gusto --rejected)

symbolon token explain and symbolon token revoke are other commands, for the tokens that a server of yours gave out.`,
  flags: {
    header: { type: "boolean", summary: "print the whole line: Authorization: Bearer ..." },
    "min-life": {
      type: "string",
      value: "SECONDS",
      summary: "it must live for so long, or for four fifths of its whole life",
    },
    rejected: { type: "boolean", summary: "read from stdin the token that was answered with 401" },
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
          "symbolon keeper status lists them; symbolon login PROFILE brings one.",
        );
      await using keeper = keeperOf([providerOf(connection)]);
      const stop = new AbortController();
      platformWorld.sleep(patienceMs, stop.signal).then(
        () =>
          terminal.err(
            `${name} is being refreshed, here or by another process; if that one died, it can take a minute.`,
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
      return print(invocation, view(value, kept), [flags.header ? `Authorization: Bearer ${value}` : value]);
    });
  },
});

/** Whoever waits for longer hears why. */
const patienceMs = 3000;

const view = (accessToken: string, { expiresInSeconds, scope, version, volatile }: KeptToken) => ({
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
  throw new UsageError(`--min-life must be whole seconds, not "${text.slice(0, 40)}".`);
}
