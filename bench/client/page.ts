import type { Row } from "./alternate.ts";
import type { StoreRow } from "./refreshes.ts";

export type Results = {
  calls: { refresh: Row[]; introspect: Row[]; resource: Row[] };
  stores: StoreRow[];
  sizes: string;
  machine: string;
};

const rounded = (value: number): string => Math.round(value).toLocaleString("en").replaceAll(",", " ");

const rowsOf = (what: string, rows: readonly Row[]): string[] =>
  rows.map(
    ({ name, microseconds, ratio, cpuMicroseconds, cpuRatio }) =>
      `| ${what} | ${name} | ${rounded(microseconds)} | ${ratio.toFixed(2)} | ${rounded(cpuMicroseconds)} | ${cpuRatio.toFixed(2)} |`,
  );

/** docs/benchmarks-client.md. */
export const pageOf = ({ calls, stores, sizes, machine }: Results): string => `# Benchmarks of the client

Written by \`npm run bench -- --client --out docs/benchmarks-client.md\`. ${machine} ${sizes}

## What the client adds to a call

Each call goes over loopback to a server that does nothing but answer, on a connection that is kept alive, one after the other. The rounds of all contenders alternate; numbers are medians of the rounds, and a ratio is the median of the ratios within each round. Processor time is that of the caller's process, and stays true while other work shares the machine.

| call | by | µs | × bare | µs of processor time | × bare by CPU |
|---|---|---:|---:|---:|---:|
${[...rowsOf("refresh", calls.refresh), ...rowsOf("introspect", calls.introspect), ...rowsOf("a call to an API", calls.resource)].join("\n")}

Loopback has no distance. To a provider that is 30 ms away, the same microseconds are less than a hundredth.

## What the keeper's stores can do

All grants at once, in one process; the provider answers at once and without a network. A refresh is the whole of it: lease, intent, sealing, and every write durable before the next step. A token is one from a grant that lives: the record is read anew each time, so that a refresh by another process is seen.

| store | refreshes/s | tokens/s | reads for a refresh | writes for a refresh |
|---|---:|---:|---:|---:|
${stores.map(({ store, refreshes, tokens, readsEach, writesEach }) => `| ${store} | ${rounded(refreshes)} | ${rounded(tokens)} | ${readsEach.toFixed(1)} | ${writesEach.toFixed(1)} |`).join("\n")}

A thousand grants whose tokens live for two hours need one refresh in about six seconds.
`;
