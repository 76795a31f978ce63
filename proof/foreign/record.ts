/** One step of one client against one server, as the client itself reported it. */
export type Row = {
  client: string;
  version: string;
  server: string;
  step: string;
  outcome: "works" | "fails";
  /** The error that the client raised. */
  detail?: string;
};

/** What one run of the clients of one language found. */
export type Record = { language: string; date: string; rows: readonly Row[] };

export function readRows(output: string): Row[] {
  return output
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Row);
}
