import type { GrantStatus } from "@symbolon/client/keeper";
import { command } from "../command/command.ts";
import { durationText, print, table } from "../command/print.ts";
import { providerOf, readConnections, type Connection } from "./connection.ts";
import { keeperFlags, withKeeper } from "./open.ts";

export const keeperStatus = command({
  name: "keeper status",
  operands: [],
  summary: "list the grants that symbolon login has made",
  details: `
The command sends no request and changes nothing. symbolon keeper explain NAME shows the details of one grant.`,
  flags: keeperFlags,
  async run(invocation) {
    return await withKeeper(invocation, false, async ({ store, vault, keeperOf }) => {
      const connections = await readConnections(store, vault);
      const providers = new Map(
        [...connections.values()]
          .map(providerOf)
          .map((provider) => [JSON.stringify([provider.issuer, provider.clientId]), provider]),
      );
      await using keeper = keeperOf([...providers.values()]);
      const rows: { status: GrantStatus; connection: Connection | undefined }[] = [];
      for await (const status of keeper.list()) rows.push({ status, connection: connections.get(status.id) });
      return print(
        invocation,
        { grants: rows.map(({ status, connection }) => describeStatus(status, connection)) },
        rows.length === 0 ? ["There are no grants. symbolon login PROFILE makes one."] : lines(rows),
      );
    });
  },
});

export const describeStatus = (status: GrantStatus, connection: Connection | undefined) => ({
  name: status.id,
  profile: connection === undefined ? null : profileName(connection),
  client_id: status.clientId,
  state: status.state,
  expires_in: status.expiresInSeconds ?? null,
  scope: status.scope?.join(" ") ?? null,
  version: status.version,
  retry_after: Math.ceil(status.retryAfterMs / 1000),
  ended: status.ended ?? null,
});

const profileName = ({ profile }: Connection): string => (typeof profile === "string" ? profile : profile.name);

const lines = (rows: readonly { status: GrantStatus; connection: Connection | undefined }[]): string[] =>
  table(
    ["NAME", "PROVIDER", "STATE", "ACCESS TOKEN", "SCOPE"],
    rows.map(({ status, connection }) => [
      status.id,
      connection === undefined ? status.issuer : profileName(connection),
      status.state,
      status.state === "dead" ? "-" : lifeText(status.expiresInSeconds),
      status.scope?.join(" ") ?? "-",
    ]),
  );

const lifeText = (seconds: number | undefined): string =>
  seconds === undefined
    ? "no expiry"
    : seconds === 0
      ? "expired; refreshed on demand"
      : `${durationText(seconds >= 120 ? seconds - (seconds % 60) : seconds)} left`;
