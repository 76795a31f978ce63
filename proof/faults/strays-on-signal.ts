/**
 * Loaded before the server by `--import`: on a signal it blocks the thread for three seconds, or sets the wall clock.
 */
const busyMs = 3_000;
const hourMs = 3_600_000;

process.on("SIGUSR2", () => {
  for (const until = performance.now() + busyMs; performance.now() < until;);
});
const wallMs = Date.now;
process.on("SIGWINCH", () => {
  Date.now = () => wallMs() + hourMs;
});
