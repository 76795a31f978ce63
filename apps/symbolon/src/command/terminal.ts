/** What a command may use of its process. */
export type Terminal = {
  /** Writes one line of the result to stdout. */
  out(line: string): void;
  /** Writes one line about the run to stderr. */
  err(line: string): void;
  /** The stream of `out`, by which util.styleText decides on colours (only on a terminal, and NO_COLOR is honoured). */
  outStream: NodeJS.WriteStream;
  errIsTerminal: boolean;
  /** Whether stderr's reader is so far behind that further lines would only fill the memory. */
  errIsBehind(): boolean;
  /** Reads all of stdin. */
  readInput(): Promise<string>;
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
};
