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
  summary: "drop a leaked key and end every token that it signed",
  details: `
Without --yes the command only tells what would end. Run symbolon keys rotate first and wait a minute until the new
key is in force: the last key in force cannot be dropped. Running servers forget the key within about a second. Its id
is never used again.`,
  flags: { yes: { type: "boolean", summary: "drop the key" }, ...dataFlags },
  async run(invocation) {
    const { keyring, isFile } = await readStoredKeyring(invocation);
    const id = readKeyId(invocation.operands[0], keyring);
    if (!isFile)
      throw new Failure(
        "The keyring comes from SYMBOLON_KEYRING, which this command cannot change.",
        "Remove the key where the variable is set, then restart the servers.",
      );
    return await withSystem(invocation, { create: false }, async (system) => {
      const now = nowOf(system.clock);
      refuseLastKeyInForce(keyring, id, now);
      const { signedIn, atLeast } = await countAffectedGrants(system, keyring, id);
      const people = `${atLeast ? "at least " : ""}${signedIn} active grant${signedIn === 1 ? " has its" : "s have their"} newest refresh token`;
      const dies = `Every access token, refresh token and code made with key ${id} dies; ${people} from it, and must be allowed again.`;
      if (!invocation.flags.yes) throw new UsageError(dies, `To do it: symbolon keys drop ${id} --yes`);
      await changeKeyringFile(system.settings.data, (before) => {
        refuseLastKeyInForce(before, id, now);
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
      `Keys: ${keys.map(({ id }) => id).join(", ")}. symbolon keys list shows them.`,
    );
  return key.id;
}

/** Another key must be in force already: without one every token would be refused. */
function refuseLastKeyInForce(keyring: StoredKeyring, id: number, now: number): void {
  const others = { ...keyring, keys: keyring.keys.filter((key) => key.id !== id) };
  if (others.keys.some(({ activeFrom }) => activeFrom <= now)) return;
  const coming = describeKeys(keyring, now).find(({ state }) => state === "coming");
  const remedy =
    coming === undefined
      ? "Run symbolon keys rotate, and try again a minute later."
      : `Key ${coming.id} comes into force in ${coming.active_from - now} s. Try again then.`;
  throw new Failure(`Key ${id} is the only key in force.`, remedy);
}

const maximumCounted = 10_000;

/** Counts the grants whose newest refresh token was signed with the key. */
async function countAffectedGrants(
  { store }: System,
  { keys }: StoredKeyring,
  id: number,
): Promise<{ signedIn: number; atLeast: boolean }> {
  const grants = await store.grants.list({ state: "active", limit: maximumCounted });
  const isSignedWith = ({ owner, generationIssuedAt }: Grant): boolean =>
    owner !== null && keyInForceAt(keys, generationIssuedAt) === id;
  return { signedIn: grants.filter(isSignedWith).length, atLeast: grants.length === maximumCounted };
}

function keyInForceAt(keys: StoredKeyring["keys"], at: number): number | undefined {
  const oldestFirst = [...keys].sort((one, other) => one.activeFrom - other.activeFrom);
  return (oldestFirst.findLast(({ activeFrom }) => activeFrom <= at) ?? oldestFirst[0])?.id;
}
