import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { published } from "./published.ts";

/** What `npm pack` made of one package. `files` are paths inside the package. */
export type Tarball = { name: string; path: string; bytes: number; unpackedBytes: number; files: string[] };

type Report = { filename: string; size: number; unpackedSize: number; files: { path: string }[] };

/** Packs what `buildPackages` wrote to `dist` into `folder`, as `npm publish` would. */
export async function packPackages(dist: string, folder: string): Promise<Tarball[]> {
  mkdirSync(folder, { recursive: true });
  return Promise.all(
    published.map(async ({ name }) => {
      const args = ["pack", "--json", "--pack-destination", folder, join(dist, name)];
      const { stdout } = await promisify(execFile)("npm", args, { cwd: folder, maxBuffer: 16 * 1024 * 1024 });
      // npm 10 answers an array, npm 11 an object.
      const [report] = Object.values(JSON.parse(stdout) as Record<string, Report>);
      const { filename, size, unpackedSize, files } = report!;
      return {
        name,
        path: join(folder, filename),
        bytes: size,
        unpackedBytes: unpackedSize,
        files: files.map(({ path }) => path),
      };
    }),
  );
}

/** SHA-256 in hexadecimal, as `sha256sum` prints it. */
export const digestOf = (path: string): string => createHash("sha256").update(readFileSync(path)).digest("hex");
