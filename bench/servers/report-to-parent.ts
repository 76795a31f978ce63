import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

/** What a server process tells the bench over its channel. */
export type Told =
  | { kind: "ready"; port: number }
  | { kind: "usage"; cpuMicros: number; peakBytes: number; residentBytes: number };

/**
 * What the bench tells a server process: to say what it has used, or to sweep in batches of so many rows from now on; 0
 * for no longer.
 */
export type Asked = "usage" | { sweep: number };

/** Listens on a port of its own choice and tells it; from then on does what it is asked; ends when the channel does. */
export function listenAndReport(server: Server, sweep: (batch: number) => void = () => {}): void {
  const tell = (told: Told) => process.send?.(told);
  process.on("message", (asked: Asked) => {
    if (asked !== "usage") return sweep(asked.sweep);
    const { user, system } = process.cpuUsage();
    tell({
      kind: "usage",
      cpuMicros: user + system,
      peakBytes: process.resourceUsage().maxRSS * 1024,
      residentBytes: process.memoryUsage.rss(),
    });
  });
  process.on("disconnect", () => process.exit(0));
  server.listen(0, "127.0.0.1", () => tell({ kind: "ready", port: (server.address() as AddressInfo).port }));
}
