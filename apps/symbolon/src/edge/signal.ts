/** Resolves with the first SIGTERM or SIGINT. A second one ends the process at once, which is Node's default. */
export function untilSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => resolve(signal));
  });
}

/** Ends the process after half a second, even where a peer keeps a connection open; at once where none does. */
export function exitSoon(): void {
  setTimeout(() => process.exit(), 500).unref();
}
