import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { commandLine } from "../harness/server.ts";
import type { DataDirectory } from "../harness/data-directory.ts";

/**
 * A shell that holds a listening socket and starts servers that inherit it, as systemd does with a socket unit. It
 * never accepts, so connections wait in the queue of the socket while no server runs.
 */
const script = `
while read -r word; do
  case "$word" in
    start) sh -c 'export LISTEN_FDS=1 LISTEN_PID=$$; exec "$@"' sh "$@" </dev/null & server=$! ;;
    stop) kill -TERM "$server"; wait "$server"; echo "ended $?" ;;
  esac
done
kill -KILL "$server"`;

export type SocketHolder = {
  url: string;
  /** Resolves when the server is ready. */
  start(): Promise<void>;
  /** Sends SIGTERM; resolves to the exit code. */
  stop(): Promise<number>;
  close(): Promise<void>;
};

/** A server that ends while it starts prints nothing, and the shell does not tell. */
const startLimitMs = 120_000;
const noLine = () => pause(startLimitMs, "it printed nothing for two minutes", { ref: false });

export async function holdSocket(data: DataDirectory, env: Record<string, string>): Promise<SocketHolder> {
  const listening = createServer().listen(0, "127.0.0.1");
  await once(listening, "listening");
  const { port } = listening.address() as AddressInfo;
  const issuer = `http://127.0.0.1:${port}`;
  const { args, env: own } = commandLine(data, { port, issuer, env });
  const { fd } = Reflect.get(listening, "_handle") as { fd: number };
  const shell = spawn("sh", ["-c", script, "sh", process.execPath, ...args], {
    env: own,
    stdio: ["pipe", "pipe", "ignore", fd],
  });
  listening.close();
  const lines = createInterface(shell.stdout!)[Symbol.asyncIterator]();
  const say = (word: string) => shell.stdin!.write(`${word}\n`);
  return {
    url: issuer,
    async start() {
      say("start");
      const value = await Promise.race([lines.next().then((line) => line.value), noLine()]);
      if (!String(value).includes('"ready":true')) throw new Error(`The server did not start: ${String(value)}`);
    },
    async stop() {
      say("stop");
      return Number(/^ended (\d+)$/.exec(String((await lines.next()).value))?.[1]);
    },
    async close() {
      shell.stdin!.end();
      if (shell.exitCode === null) await once(shell, "exit");
    },
  };
}
