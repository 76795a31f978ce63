/** The nearest known word, if it is at most two edits away and fewer edits than half its length. */
export function didYouMean(written: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((word) => ({ word, edits: editsBetween(written.toLowerCase(), word.toLowerCase()) }))
    .sort((one, other) => one.edits - other.edits);
  const [nearest] = ranked;
  return nearest !== undefined && nearest.edits <= 2 && nearest.edits * 2 < nearest.word.length
    ? nearest.word
    : undefined;
}

/** ` (did you mean serve?)`, or nothing. */
export function suggestion(written: string, known: readonly string[]): string {
  const meant = didYouMean(written, known);
  return meant === undefined ? "" : ` (did you mean ${meant}?)`;
}

/**
 * The number of insertions, deletions, replacements and swaps of neighbours that turn one word into the other
 * (Damerau-Levenshtein, optimal string alignment).
 */
function editsBetween(one: string, other: string): number {
  const rows = [Array.from({ length: other.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= one.length; row++) {
    const [above, current] = [rows[row - 1]!, [row]];
    for (let column = 1; column <= other.length; column++) {
      const replaced = above[column - 1]! + (one[row - 1] === other[column - 1] ? 0 : 1);
      const isSwap = row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      const swapped = isSwap ? rows[row - 2]![column - 2]! + 1 : Infinity;
      current.push(Math.min(replaced, swapped, above[column]! + 1, current[column - 1]! + 1));
    }
    rows.push(current);
  }
  return rows[one.length]![other.length]!;
}

/**
 * The first name in `given` that is not in `known`, with a suggestion. Undefined if there is none. Names whose value is
 * undefined do not count. `nearOnly`: a name that resembles no other that is left out is ignored.
 */
export function unknownName(
  given: object,
  known: readonly string[],
  nearOnly = false,
): { name: string; suggestion: string } | undefined {
  const present = Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  const absent = known.filter((name) => !present.includes(name));
  for (const name of present) {
    if (known.includes(name)) continue;
    const found = suggestion(name, absent);
    if (!nearOnly || found !== "") return { name, suggestion: found };
  }
  return undefined;
}
