/** What a server process tells the bench over its channel. */
export type Told = { kind: "ready"; port: number } | { kind: "usage"; cpuMicros: number; peakBytes: number };

/** Tells the port; from then on answers each message with what this process has used; ends when the channel does. */
export function reportToParent(port: number): void {
  const tell = (told: Told) => process.send?.(told);
  process.on("message", () => {
    const { user, system } = process.cpuUsage();
    tell({ kind: "usage", cpuMicros: user + system, peakBytes: process.resourceUsage().maxRSS * 1024 });
  });
  process.on("disconnect", () => process.exit(0));
  tell({ kind: "ready", port });
}
