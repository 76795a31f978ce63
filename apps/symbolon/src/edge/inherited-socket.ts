import { UsageError } from "../command/failure.ts";

/** The descriptor of the first inherited socket. @see sd_listen_fds(3) */
const firstDescriptor = 3;

/**
 * The listening socket that systemd, or another program with the same protocol, opened for this process; `undefined` if
 * it opened none. Such a socket outlives the process: clients that connect between two processes wait in its queue.
 */
export function inheritedSocket(env: Readonly<Record<string, string | undefined>>): number | undefined {
  if (env["LISTEN_PID"] !== String(process.pid)) return undefined;
  if (env["LISTEN_FDS"] !== "1")
    throw new UsageError(`The server was started with ${env["LISTEN_FDS"]} sockets.`, "Let it have one ListenStream.");
  return firstDescriptor;
}
