/**
 * Loaded before the server by `--import`: something keeps its thread busy for three seconds, or sets the clock of its
 * wall.
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
