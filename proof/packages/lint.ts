import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import type { Tarball } from "../../scripts/packages/pack.ts";
import { published, root } from "../../scripts/packages/published.ts";

/** What publint says of a tarball, suggestions included. */
export async function publintMessages({ path }: Tarball): Promise<string[]> {
  const bytes = readFileSync(path);
  const tarball = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const { messages, pkg } = await publint({ pack: { tarball }, strict: true });
  return messages.map((message) => formatMessage(message, pkg, { color: false }) ?? message.code);
}

/**
 * What `attw` says of a tarball; empty if it finds no problem. The profile leaves out TypeScript's `node10`
 * resolution, which knows no `exports`.
 */
export async function attwProblems({ name, path }: Tarball): Promise<string> {
  const esmOnly = published.find((one) => one.name === name)?.esmOnly ?? [];
  const excluded = esmOnly.length === 0 ? [] : ["--exclude-entrypoints", ...esmOnly];
  const attw = join(root, "node_modules/@arethetypeswrong/cli/dist/index.js");
  const args = [attw, path, "--profile", "node16", "--no-color", "--format", "ascii", ...excluded];
  return promisify(execFile)(process.execPath, args, { cwd: root }).then(
    () => "",
    ({ stdout, message }: { stdout?: string; message: string }) => stdout || message,
  );
}
