/**
 * Whether the SQLite version (`process.versions.sqlite`) keeps a database in WAL mode intact: 3.51.3 or newer. In
 * older versions two connections that write and checkpoint at once can corrupt the file; 3.52.0 was withdrawn.
 *
 * @see attacks.md §0.1
 */
export function isSafeSqliteVersion(version: string | undefined): boolean {
  if (version === undefined || version === "3.52.0") return false;
  const [major = 0, minor = 0, patch = 0] = version.split(".").map(Number);
  return major * 1e6 + minor * 1e3 + patch >= 3_051_003;
}
