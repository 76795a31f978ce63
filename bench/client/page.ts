import { tableRow } from "../../scripts/markdown-table.ts";
import type { Row } from "./alternate.ts";
import type { StoreRow } from "./refreshes.ts";

export type Results = {
  calls: { refresh: Row[]; introspect: Row[]; resource: Row[] };
  stores: StoreRow[];
  sizes: string;
  machine: string;
};

/** docs/benchmarks-client.md. */
export const pageOf = ({ calls, stores, sizes, machine }: Results): string => `# Benchmarks of the client

Written by \`npm run bench -- --client --out docs/benchmarks-client.md\`. ${machine} ${sizes}

## What the client adds to a call

Each call goes over loopback to a server that only answers, on a kept-alive connection, one after the other. The rounds of all contenders alternate; numbers are medians of the rounds, and a ratio is the median of the ratios within each round. Processor time is that of the caller's process, and stays true while other work shares the machine.

| call | by | µs | × bare | µs of processor time | × bare by CPU |
|---|---|---:|---:|---:|---:|
${callRows(calls).join("\n")}

Loopback has no distance. To a provider that is 30 ms away, the same microseconds are less than a hundredth.

## What the keeper's stores can do

All grants at once, in one process; the provider answers at once and without a network. A refresh includes lease, intent, sealing, and every write, durable before the next step. A token comes from a grant whose access token is valid; its record is read each time, so that a refresh by another process is seen.

| store | refreshes/s | tokens/s | reads for a refresh | writes for a refresh |
|---|---:|---:|---:|---:|
${stores.map(storeRow).join("\n")}

A thousand grants whose tokens live for two hours need one refresh in about six seconds.
`;

const rounded = (value: number): string => Math.round(value).toLocaleString("en").replaceAll(",", " ");

const callRows = ({ refresh, introspect, resource }: Results["calls"]): string[] => [
  ...refresh.map((row) => callRow("refresh", row)),
  ...introspect.map((row) => callRow("introspect", row)),
  ...resource.map((row) => callRow("a call to an API", row)),
];

const callRow = (call: string, { name, microseconds, ratio, cpuMicroseconds, cpuRatio }: Row): string =>
  tableRow([call, name, rounded(microseconds), ratio.toFixed(2), rounded(cpuMicroseconds), cpuRatio.toFixed(2)]);

const storeRow = ({ store, refreshes, tokens, readsEach, writesEach }: StoreRow): string =>
  tableRow([store, rounded(refreshes), rounded(tokens), readsEach.toFixed(1), writesEach.toFixed(1)]);
