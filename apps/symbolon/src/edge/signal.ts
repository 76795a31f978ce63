const signals = ["SIGTERM", "SIGINT"] as const;

/** Resolves with the first SIGTERM or SIGINT. The next of either ends the process at once, which is Node's default. */
export function untilSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    const onSignal = (signal: NodeJS.Signals): void => {
      for (const each of signals) process.removeListener(each, onSignal);
      resolve(signal);
    };
    for (const each of signals) process.on(each, onSignal);
  });
}

/** Ends the process after half a second, even where a peer keeps a connection open; at once where none does. */
export function exitSoon(): void {
  setTimeout(() => process.exit(), 500).unref();
}
