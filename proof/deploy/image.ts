import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { root } from "../../scripts/packages/published.ts";
import { megabytesOf } from "../packages/production.ts";

/**
 * `npm run image`: does what the RUN lines of deploy/Containerfile do, in a folder for temporary files, measures the
 * layer, starts the server from it and asks the health check. It asks the npm registry for what the stages install.
 */
const limitMegabytes = 120;
const port = "28787";
const home = mkdtempSync(join(tmpdir(), "symbolon-image-"));
const [source, layer, data] = [join(home, "source"), join(home, "layer"), join(home, "data")];

const isHealthy = (): boolean => {
  try {
    execFileSync(process.execPath, [join(layer, "health.mjs")], { env: { ...process.env, SYMBOLON_PORT: port } });
    return true;
  } catch {
    return false;
  }
};

try {
  for (const file of execFileSync("git", ["ls-files"], { cwd: root, encoding: "utf8" }).trim().split("\n")) {
    mkdirSync(dirname(join(source, file)), { recursive: true });
    cpSync(join(root, file), join(source, file));
  }
  mkdirSync(layer);
  execFileSync("sh", ["deploy/stages.sh", "build", source, layer], {
    cwd: source,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const megabytes = await megabytesOf(layer);
  console.log(`layer: ${megabytes} MB, ${limitMegabytes} MB allowed`);
  if (isHealthy()) throw new Error("The health check says that a server runs before one was started");
  const command = join(layer, "node_modules/symbolon/esm/main.mjs");
  const env = { ...process.env, NODE_ENV: "production", SYMBOLON_DATA: data, SYMBOLON_HOST: "0.0.0.0" };
  const server = spawn(process.execPath, [command, "serve", "--issuer", "https://id.example.com", "--port", port], {
    env,
    stdio: "inherit",
  });
  const ended = new Promise<void>((resolve) => server.once("close", () => resolve()));
  for (let tries = 0; tries < 20 && !isHealthy(); tries += 1) await new Promise((resolve) => setTimeout(resolve, 500));
  const healthy = isHealthy();
  console.log(`health check: ${healthy ? "healthy" : "not healthy"}`);
  server.kill("SIGTERM");
  await ended;
  process.exitCode = healthy && megabytes <= limitMegabytes ? 0 : 1;
} finally {
  rmSync(home, { recursive: true, force: true });
}
