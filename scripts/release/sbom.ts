import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Tarball } from "../packages/pack.ts";

/**
 * What an installation of the tarballs holds, as CycloneDX JSON. It installs them by npm and reads the result: for the
 * workspace itself `npm sbom --omit dev` leaves out packages that a development dependency needs too.
 */
export function sbomOf(tarballs: readonly Tarball[], version: string): string {
  const folder = mkdtempSync(join(tmpdir(), "symbolon-sbom-"));
  const npm = (...args: string[]): string =>
    execFileSync("npm", args, { cwd: folder, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  try {
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "symbolon-installed", version, private: true }));
    npm("install", "--ignore-scripts", "--no-audit", "--no-fund", ...tarballs.map(({ path }) => path));
    return npm("sbom", "--sbom-format", "cyclonedx");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
