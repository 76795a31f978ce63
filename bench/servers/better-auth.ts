import { createServer } from "node:http";
import { join } from "node:path";
import { toNodeHandler } from "better-auth/node";
import { plainBetterAuth } from "../peers/better-auth-configuration.ts";
import { durableDatabase } from "../peers/durable-database.ts";
import { listenAndReport } from "./report-to-parent.ts";

/** `node better-auth.ts DIRECTORY` */
const handle = toNodeHandler(plainBetterAuth(durableDatabase(join(process.argv[2]!, "better-auth.sqlite"))));
listenAndReport(createServer((request, response) => void handle(request, response)));
