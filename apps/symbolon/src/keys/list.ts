import { nowOf } from "@symbolon/server";
import { command, dataFlags } from "../command/command.ts";
import { print, table, timeText } from "../command/print.ts";
import { systemClock } from "../edge/clock.ts";
import { describeKeys } from "./key-view.ts";
import { readStoredKeyring } from "./open.ts";

export const keysList = command({
  name: "keys list",
  operands: [],
  summary: "list the keys that sign tokens",
  details: "The key in force signs new tokens. Tokens of retired keys stay valid. The keys' secrets are never shown.",
  flags: dataFlags,
  async run(invocation) {
    const { keyring } = await readStoredKeyring(invocation);
    const keys = describeKeys(keyring, nowOf(systemClock));
    const rows = keys.map(({ id, state, created_at, active_from }) => [
      String(id),
      state,
      timeText(active_from),
      timeText(created_at),
    ]);
    return print(invocation, { keys }, table(["KEY", "STATE", "ACTIVE FROM", "CREATED"], rows));
  },
});
