import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { buildPackages } from "./packages/build.ts";
import { digestOf, packPackages, type Tarball } from "./packages/pack.ts";
import { published, readManifest, root } from "./packages/published.ts";
import { provenanceOf } from "./release/provenance.ts";
import { sbomOf } from "./release/sbom.ts";
import { isUnreleased, refusalsOf, type Candidate } from "./release/refusals.ts";

/**
 * `npm run release -- --dry`: everything of a release but the upload. It checks the tree, runs the tests, packs the
 * packages into dist/release with a provenance statement and an SBOM, and prints what would be uploaded.
 * `--without-tests` leaves the tests out, to try the rest.
 *
 * @see docs/releasing.md
 */
const output = join(root, "dist/release");
const capture = (program: string, ...args: string[]): string =>
  execFileSync(program, args, { cwd: root, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });

/** Undefined if git is missing, or this is no clone. */
function readGit(tag: string): Candidate["git"] {
  const ask = (...args: string[]): string | undefined => {
    const { status, stdout } = spawnSync("git", args, { cwd: root, encoding: "utf8" });
    return status === 0 ? stdout.trimEnd() : undefined;
  };
  const status = ask("status", "--porcelain");
  const head = ask("rev-parse", "HEAD");
  if (status === undefined || head === undefined) return undefined;
  const tagged = ask("rev-parse", "--verify", "--quiet", `refs/tags/${tag}^{commit}`);
  return { status, takenTag: tagged === undefined || tagged === head ? undefined : tag };
}

function refuse(reasons: readonly string[]): void {
  for (const reason of reasons) process.stderr.write(`${reason}\n`);
  process.exitCode = 1;
}

async function packRelease(version: string, startedOn: string): Promise<Tarball[]> {
  rmSync(join(root, "dist"), { recursive: true, force: true });
  await buildPackages(join(root, "dist"));
  mkdirSync(output);
  const tarballs = await packPackages(join(root, "dist"), output);
  const subject = tarballs.map(({ path }) => ({
    name: basename(path),
    digest: { sha256: digestOf(path), sha512: createHash("sha512").update(readFileSync(path)).digest("hex") },
  }));
  const provenance = provenanceOf(subject, {
    version,
    gitCommit: capture("git", "rev-parse", "HEAD").trim(),
    lockDigest: digestOf(join(root, "package-lock.json")),
    node: process.version,
    npm: capture("npm", "--version").trim(),
    startedOn,
    finishedOn: new Date().toISOString(),
  });
  writeFileSync(join(output, "provenance.intoto.json"), `${JSON.stringify(provenance, null, 2)}\n`);
  writeFileSync(join(output, "sbom.cdx.json"), sbomOf(tarballs, version));
  return tarballs;
}

async function release(args: readonly string[]): Promise<void> {
  const changelogPath = join(root, "CHANGELOG.md");
  const changelog = existsSync(changelogPath) ? readFileSync(changelogPath, "utf8") : "";
  const versions = Object.fromEntries(
    [".", ...published.map(({ folder }) => folder)].map((folder) => [folder, readManifest(folder).version]),
  );
  const git = readGit(`v${versions["."]}`);
  const refusals = refusalsOf({ git, changelog, versions, isDry: args.includes("--dry") });
  if (refusals.length > 0) return refuse(refusals);

  const startedOn = new Date().toISOString();
  const version = Object.values(versions)[0]!;
  if (!args.includes("--without-tests") && spawnSync("npm", ["test"], { cwd: root, stdio: "inherit" }).status !== 0)
    return refuse(["The tests fail, so nothing was packed."]);
  const tarballs = await packRelease(version, startedOn);

  console.log(`\n${version} would be uploaded as:\n`);
  for (const { name, path, bytes } of tarballs)
    console.log(`${name.padEnd(14)} ${String(bytes).padStart(8)} bytes  sha256:${digestOf(path)}`);
  console.log("\nwith dist/release/provenance.intoto.json and dist/release/sbom.cdx.json, in this order:\n");
  for (const { path } of tarballs) console.log(`npm publish dist/release/${basename(path)} --access public`);
  if (isUnreleased(changelog, version))
    console.log(`\nBefore that, give the entry of ${version} in CHANGELOG.md its date in place of "unreleased".`);
}

await release(process.argv.slice(2));
