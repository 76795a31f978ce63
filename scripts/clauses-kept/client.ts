import type { KeptClause } from "./kept-clause.ts";

const client = "packages/client/src";

/** What the client keeps of the standards, beside the endpoints. */
export const clientClauses: readonly KeptClause[] = [
  {
    clause: "RFC 8252 §4.1",
    keeps: "Client: a program on a user's machine signs in through the user's browser and a loopback listener.",
    files: [`${client}/loopback/sign-in.ts`, `${client}/loopback/open-browser-edge.ts`],
  },
  {
    clause: "RFC 8414 §3.3",
    keeps: "Client: metadata is accepted only if its issuer equals the requested issuer exactly.",
    files: [`${client}/discovery/discover.ts`],
  },
  {
    clause: "RFC 8628 §3.2",
    keeps: "Client: the device authorization response is validated strictly; the address to show must be https.",
    files: [`${client}/device/start-device.ts`],
  },
  {
    clause: "RFC 8628 §3.4",
    keeps: "Client: polls for the tokens of a device at the interval that the provider gave.",
    files: [`${client}/device/await-device.ts`],
  },
  {
    clause: "RFC 8628 §3.5",
    keeps: "Client: follows pending, slow_down, denied and expired; a lost response doubles the interval.",
    files: [`${client}/device/await-device.ts`],
  },
  {
    clause: "RFC 9207 §2.4",
    keeps:
      "Client: iss is compared as a string before any token request; it is rejected if the metadata promises it and it is missing.",
    files: [`${client}/authorize/finish.ts`],
  },
];
