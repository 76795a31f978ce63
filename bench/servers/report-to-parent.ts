import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A message from a server process to the bench. */
export type FromServer =
  | { kind: "ready"; port: number }
  | { kind: "usage"; cpuMicros: number; peakBytes: number; residentBytes: number };

/** A message from the bench to a server process: report the usage, or sweep in batches of so many rows (0 stops). */
export type FromBench = "usage" | { sweep: number };

/** Listens on a free port, reports it, and follows the messages of the parent; ends when the channel closes. */
export function listenAndReport(server: Server, sweep: (batch: number) => void = () => {}): void {
  const send = (message: FromServer) => process.send?.(message);
  process.on("message", (message: FromBench) => {
    if (message !== "usage") return sweep(message.sweep);
    const { user, system } = process.cpuUsage();
    send({
      kind: "usage",
      cpuMicros: user + system,
      peakBytes: process.resourceUsage().maxRSS * 1024,
      residentBytes: process.memoryUsage.rss(),
    });
  });
  process.on("disconnect", () => process.exit(0));
  server.listen(0, "127.0.0.1", () => send({ kind: "ready", port: (server.address() as AddressInfo).port }));
}
