import type { KeptClause } from "./kept-clause.ts";

const client = "packages/client/src";

/** What the client keeps of the standards, beside the endpoints. */
export const clientClauses: readonly KeptClause[] = [
  {
    clause: "RFC 8252 §4.1",
    keeps: "Client: a program on a person's machine signs in through their own browser and a loopback listener.",
    files: [`${client}/loopback/sign-in.ts`, `${client}/loopback/open-browser-edge.ts`],
  },
  {
    clause: "RFC 8414 §3.3",
    keeps: "Client: metadata counts only where its issuer is the very string that was asked for.",
    files: [`${client}/discovery/discover.ts`],
  },
  {
    clause: "RFC 8628 §3.2",
    keeps: "Client: the answer to a device authorization request is read strictly; an address to show is https.",
    files: [`${client}/device/start-device.ts`],
  },
  {
    clause: "RFC 8628 §3.4",
    keeps: "Client: it asks for the tokens of a device at the interval that the provider named.",
    files: [`${client}/device/await-device.ts`],
  },
  {
    clause: "RFC 8628 §3.5",
    keeps: "Client: pending, slow down, denied and expired are honoured, and a lost answer doubles the interval.",
    files: [`${client}/device/await-device.ts`],
  },
  {
    clause: "RFC 9207 §2.4",
    keeps: "Client: iss is compared as a string before any request for tokens; promised and missing, it is refused.",
    files: [`${client}/authorize/finish.ts`],
  },
];
