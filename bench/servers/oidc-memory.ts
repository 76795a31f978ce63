import { createServer } from "node:http";
import { plainProvider } from "../peers/oidc-configuration.ts";
import { memoryAdapter } from "../peers/oidc-memory-adapter.ts";
import { makeTokens, newClients } from "../seeds/oidc-provider.ts";
import { writeClients, writeTokens, type Amounts } from "../seeds/seed.ts";
import { listenAndReport } from "./report-to-parent.ts";

/**
 * `node oidc-memory.ts DIRECTORY AMOUNTS`: fills its memory before it listens; it holds the tokens in use, and no
 * others.
 */
const directory = process.argv[2]!;
const amounts = JSON.parse(process.argv[3]!) as Amounts;
const clients = newClients();
const provider = plainProvider(clients, memoryAdapter());
writeClients(directory, clients);
writeTokens(directory, await makeTokens(provider, clients, amounts));
listenAndReport(createServer(provider.callback()));
