import { command, dataFlags } from "../command/command.ts";
import { print, timeText } from "../command/print.ts";
import { systemClock } from "../edge/clock.ts";
import { systemRandom } from "../edge/random.ts";
import { leadSeconds, withNewKey } from "../keyring/format.ts";
import { changeKeyringFile } from "../keyring/keyring-file.ts";
import { directoryOfKeyring } from "./open.ts";

export const keysRotate = command({
  name: "keys rotate",
  operands: [],
  summary: "add a key that signs new tokens",
  details: `
The key comes into force ${leadSeconds} seconds from now, when every running server has read it. No restart is needed.
Tokens of the older keys stay valid. Keep a copy of keyring.json: without it every token is lost.`,
  flags: dataFlags,
  async run(invocation) {
    const directory = await directoryOfKeyring(invocation);
    const key = await changeKeyringFile(directory, (keyring) => {
      const { keyring: changed, key } = withNewKey(keyring, systemClock, systemRandom);
      return { keyring: changed, answer: key };
    });
    return print(invocation, { id: key.id, created_at: key.createdAt, active_from: key.activeFrom }, [
      `Key ${key.id} signs new tokens from ${timeText(key.activeFrom)} on.`,
    ]);
  },
});
