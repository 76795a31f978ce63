/** Loaded before the server by `--import`: errors of a dependency that are neither awaited nor caught. */
const error = () => new Error("broken on purpose");

process.on("SIGUSR2", () => void Promise.reject(error()));
process.on("SIGWINCH", () => {
  throw error();
});
