import { createServer } from "node:http";
import { join } from "node:path";
import { durableDatabase } from "../peers/durable-database.ts";
import { plainProvider } from "../peers/oidc-configuration.ts";
import { sqliteAdapter } from "../peers/oidc-sqlite-adapter.ts";
import { readClients } from "../seeds/seed.ts";
import { listenAndReport } from "./report-to-parent.ts";

/** `node oidc-sqlite.ts DIRECTORY` */
const directory = process.argv[2]!;
const database = durableDatabase(join(directory, "oidc.sqlite"));
listenAndReport(createServer(plainProvider(readClients(directory), sqliteAdapter(database)).callback()));
