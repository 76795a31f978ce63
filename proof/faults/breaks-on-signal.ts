/** Loaded before the server by `--import`: what a dependency may do that nobody awaits or catches. */
const error = () => new Error("broken on purpose");

process.on("SIGUSR2", () => void Promise.reject(error()));
process.on("SIGWINCH", () => {
  throw error();
});
