import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startServer, type ServerProcess } from "../harness/server.ts";
import type { DataDirectory } from "../harness/data-directory.ts";

export type Point = "written" | "committed" | "answering";

/** Where the process ends, in words. */
export const points: readonly [name: string, point: Point][] = [
  ["before the commit", "written"],
  ["after the commit, before the reply", "committed"],
  ["in the middle of the reply", "answering"],
];

const program = fileURLToPath(new URL("failing-server.ts", import.meta.url));

/** Starts a server that ends at the named call. */
export const startFailingServer = (data: DataDirectory, point: Point, name: string): Promise<ServerProcess> =>
  startServer(data, {
    program,
    env: { SYMBOLON_FAIL_AT: `${point} ${name}`, NODE_COMPILE_CACHE: join(data.path, "compiled") },
  });
