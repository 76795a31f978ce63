/** One line of a Markdown table. Cells that may contain markup must be escaped by `cell`. */
export const tableRow = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

/** Escapes text for a cell of a Markdown table. */
export const cell = (text: string): string => text.replace(/\s+/g, " ").replace(/[\\`|[\]<>*]/g, "\\$&");
