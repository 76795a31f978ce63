import { nowOf } from "@symbolon/server";
import { command, dataFlags } from "../command/command.ts";
import { print, table, timeText } from "../command/print.ts";
import { systemClock } from "../edge/clock.ts";
import { describeKeys } from "./key-view.ts";
import { readStoredKeyring } from "./open.ts";

export const keysList = command({
  name: "keys list",
  operands: [],
  summary: "list the keys that make and check tokens",
  details: "New tokens are made with the key in force; tokens of retired keys are still good. Secrets are never shown.",
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
    return print(invocation, { keys }, table(["KEY", "STATE", "ACTIVE FROM", "MADE"], rows));
  },
});
