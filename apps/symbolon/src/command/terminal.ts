/** What a command may touch of the process that it runs in. */
export type Terminal = {
  /** One line of the answer: stdout. */
  out(line: string): void;
  /** One line about the run: stderr. */
  err(line: string): void;
  /** Decides whether `out` is coloured (util.styleText: terminals only, NO_COLOR honoured). */
  outStream: NodeJS.WriteStream;
  errIsTerminal: boolean;
  /** Whether so much of stderr waits for its reader that more would only fill the memory. */
  errIsBehind(): boolean;
  /** All of stdin. */
  readInput(): Promise<string>;
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
};
