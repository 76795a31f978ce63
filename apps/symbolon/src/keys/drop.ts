import { nowOf, type Grant } from "@symbolon/server";
import { command, dataFlags } from "../command/command.ts";
import { Failure, UsageError } from "../command/failure.ts";
import { print } from "../command/print.ts";
import { withSystem, type System } from "../data/open-system.ts";
import type { StoredKeyring } from "../keyring/format.ts";
import { changeKeyringFile } from "../keyring/keyring-file.ts";
import { describeKeys } from "./key-view.ts";
import { readStoredKeyring } from "./open.ts";

export const keysDrop = command({
  name: "keys drop",
  operands: ["ID"],
  summary: "drop a key that leaked: everything made with it is dead",
  details: `
Without --yes it only says what would die. Rotate first, and wait until the new key is in force; a ring is never left
without one. Running servers forget the key within about a second. The id is never used again.`,
  flags: { yes: { type: "boolean", summary: "do it" }, ...dataFlags },
  async run(invocation) {
    const { keyring, isFile } = await readStoredKeyring(invocation);
    const id = readKeyId(invocation.operands[0], keyring);
    if (!isFile)
      throw new Failure(
        "The keyring comes from SYMBOLON_KEYRING, which this command cannot change.",
        "Take the key out where the variable is set, then start the servers again.",
      );
    return await withSystem(invocation, { create: false }, async (system) => {
      const now = nowOf(system.clock);
      refuseLast(keyring, id, now);
      const { signedIn, atLeast } = await countCutOff(system, keyring, id);
      const people = `${atLeast ? "at least " : ""}${signedIn} active grant${signedIn === 1 ? " has its" : "s have their"} newest refresh token`;
      const dies = `Every access token, refresh token and code made with key ${id} dies; ${people} from it, and must be allowed again.`;
      if (!invocation.flags.yes) throw new UsageError(dies, `To do it: symbolon keys drop ${id} --yes`);
      await changeKeyringFile(system.settings.data, (before) => {
        refuseLast(before, id, now);
        return { keyring: { ...before, keys: before.keys.filter((key) => key.id !== id) }, answer: null };
      });
      return print(invocation, { id, dropped: true, grants_cut_off: signedIn }, [`Key ${id} is dropped. ${dies}`]);
    });
  },
});

function readKeyId(text: string, { keys }: StoredKeyring): number {
  const key = keys.find(({ id }) => String(id) === text);
  if (key === undefined)
    throw new UsageError(
      `There is no key ${text.slice(0, 20)}.`,
      `There ${keys.length === 1 ? "is" : "are"} ${keys.map(({ id }) => id).join(", ")}: symbolon keys list`,
    );
  return key.id;
}

/** Some other key must be in force already, or every token would be refused until one is. */
function refuseLast(keyring: StoredKeyring, id: number, now: number): void {
  const others = { ...keyring, keys: keyring.keys.filter((key) => key.id !== id) };
  if (others.keys.some(({ activeFrom }) => activeFrom <= now)) return;
  const coming = describeKeys(keyring, now).find(({ state }) => state === "coming");
  const remedy =
    coming === undefined
      ? "Run symbolon keys rotate, and come back a minute later."
      : `Key ${coming.id} comes into force within ${coming.active_from - now} s; come back then.`;
  throw new Failure(`Key ${id} is the only one in force.`, remedy);
}

const countedAtMost = 10_000;

/** Grants whose newest refresh token was made while the key was the one in force. */
async function countCutOff(
  { store }: System,
  { keys }: StoredKeyring,
  id: number,
): Promise<{ signedIn: number; atLeast: boolean }> {
  const grants = await store.grants.list({ state: "active", limit: countedAtMost });
  const wasMadeWith = ({ owner, generationIssuedAt }: Grant): boolean =>
    owner !== null && keyAt(keys, generationIssuedAt) === id;
  return { signedIn: grants.filter(wasMadeWith).length, atLeast: grants.length === countedAtMost };
}

function keyAt(keys: StoredKeyring["keys"], at: number): number | undefined {
  const oldestFirst = [...keys].sort((one, other) => one.activeFrom - other.activeFrom);
  return (oldestFirst.findLast(({ activeFrom }) => activeFrom <= at) ?? oldestFirst[0])?.id;
}
