/** Resolves with the first SIGTERM or SIGINT. A second one ends the process at once, as it would have without us. */
export function untilSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => resolve(signal));
  });
}

/** Ends the process although a stranger may hold a connection to it open; at once, where nobody does. */
export function endSoon(): void {
  setTimeout(() => process.exit(), 500).unref();
}
