import { isKey } from "@symbolon/client/keeper";

/**
 * An entry is a directory named after its key. In it lie the file that holds the value, the one before it, and an empty
 * file whose *name* is the state: which revision is current, and which file holds it.
 *
 *     grant_4711/
 *       head.12.9f86d081884c7d65.60303ae22b998861   revision 12 is in value.12.9f86…, revision 11 was value.11.6030…
 *       value.12.9f86d081884c7d65
 *       value.11.60303ae22b998861
 *
 * A write puts its value beside them and then renames the head: from the name that it read to the name that it wants.
 * The kernel does that for one process only; the others find no such name any more, and have lost. Revisions only grow,
 * so a name never comes back, and a process that slept for days between reading and renaming loses too. There is no
 * lock, hence nobody to wait for. See docs/decisions/0038-a-rename-is-the-compare-and-set.md.
 */
export type Head = {
  name: string;
  revision: number;
  /** Absent where the entry was removed. */
  current?: string;
  previous?: string;
};

const headName = /^head\.([1-9]\d{0,14})\.(?:gone|([0-9a-f]{16})\.(?:first|([0-9a-f]{16})))$/;

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

export const headNameOf = (revision: number, id: string, previous: Head | undefined): string =>
  `head.${revision}.${id}.${previous?.current?.split(".")[2] ?? "first"}`;

export const goneNameOf = (revision: number): string => `head.${revision}.gone`;

export const valueName = (revision: number, id: string): string => `value.${revision}.${id}`;

/** Prepared entries and those being swept begin with a dot, as no key does. */
export const draftName = (id: string): string => `.draft-${id}`;
export const sweptName = (id: string): string => `.swept-${id}`;
export const isLeftover = (name: string): boolean => /^\.(?:draft|swept)-[0-9a-f]{16}$/.test(name);

/**
 * The directory of a key. Some file systems take capitals and small letters for the same, so which letters are capitals
 * is said behind a tilde, four to a hexadecimal digit: at most 251 characters in all.
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

/** The key of a directory, or undefined where it is none of ours. */
export function keyOf(directory: string): string | undefined {
  const [small = "", digits = ""] = directory.split("~");
  const capitals = [...digits].flatMap((digit) => [...Number.parseInt(digit, 16).toString(2).padStart(4, "0")]);
  const key = [...small].map((letter, at) => (capitals[at] === "1" ? letter.toUpperCase() : letter)).join("");
  return isKey(key) && directoryOf(key) === directory ? key : undefined;
}
