import { isKey } from "@symbolon/client/keeper";

/**
 * An entry is a directory named after its key. It contains the file with the current value, the file with the previous
 * value, and an empty file, the head, whose *name* is the state: which revision is current, and which file has it.
 *
 *     grant_4711/
 *       head.12.9f86d081884c7d65.60303ae22b998861   revision 12 is in value.12.9f86…, revision 11 in value.11.6030…
 *       value.12.9f86d081884c7d65
 *       value.11.60303ae22b998861
 *
 * A write creates its value file and then renames the head from the name it read to the new name. The kernel lets only
 * one process do that; for the others the old name no longer exists, so they have lost. Revisions only grow, so a name
 * never comes back, and a process that was suspended between reading and renaming loses too. There is no lock and no
 * waiting.
 * @see docs/decisions/0038-a-rename-is-the-compare-and-set.md
 */
export type Head = {
  name: string;
  revision: number;
  /** Name of the file with the current value. Absent if the entry was removed. */
  current?: string;
  /** Name of the file with the value of the revision before. */
  previous?: string;
};

const headName = /^head\.([1-9]\d{0,14})\.(?:gone|([0-9a-f]{16})\.(?:first|([0-9a-f]{16})))$/;

/** Parses the file name of a head; undefined for any other file. */
export function readHead(name: string): Head | undefined {
  const [, digits, current, previous] = headName.exec(name) ?? [];
  if (digits === undefined) return undefined;
  const revision = Number(digits);
  return {
    name,
    revision,
    ...(current !== undefined && { current: valueName(revision, current) }),
    ...(previous !== undefined && { previous: valueName(revision - 1, previous) }),
  };
}

/** The name of the head whose value file has this revision and id. */
export const headNameOf = (revision: number, id: string, previous: Head | undefined): string =>
  `head.${revision}.${id}.${previous?.current?.split(".")[2] ?? "first"}`;

/** The name of the head of an entry that was removed at this revision. */
export const goneNameOf = (revision: number): string => `head.${revision}.gone`;

/** The name of a value file. */
export const valueName = (revision: number, id: string): string => `value.${revision}.${id}`;

/** Names of entries that are being created or deleted. They begin with a dot, which no key does. */
export const draftName = (id: string): string => `.draft-${id}`;
export const sweptName = (id: string): string => `.swept-${id}`;
export const isLeftover = (name: string): boolean => /^\.(?:draft|swept)-[0-9a-f]{16}$/.test(name);

/**
 * The directory name of a key. Some file systems ignore case, so the name is in lower case, and a suffix after a tilde
 * marks the capitals, four letters per hexadecimal digit. At most 251 characters.
 */
export function directoryOf(key: string): string {
  const capitals = [...key].map((letter) => (/[A-Z]/.test(letter) ? 1 : 0));
  const digits = Array.from({ length: Math.ceil(key.length / 4) }, (_, at) =>
    Number.parseInt(
      capitals
        .slice(4 * at, 4 * at + 4)
        .join("")
        .padEnd(4, "0"),
      2,
    ).toString(16),
  );
  return capitals.includes(1) ? `${key.toLowerCase()}~${digits.join("")}` : key;
}

/** The key of a directory name, or undefined if `directoryOf` does not make that name. */
export function keyOf(directory: string): string | undefined {
  const [lowerCase = "", digits = ""] = directory.split("~");
  const capitals = [...digits].flatMap((digit) => [...Number.parseInt(digit, 16).toString(2).padStart(4, "0")]);
  const key = [...lowerCase].map((letter, at) => (capitals[at] === "1" ? letter.toUpperCase() : letter)).join("");
  return isKey(key) && directoryOf(key) === directory ? key : undefined;
}
