const reasons: Readonly<Record<string, { reason: string; remedy: string }>> = {
  EROFS: { reason: "is on a read-only file system", remedy: "Name a directory on a writable disk with --data." },
  EACCES: {
    reason: "is not accessible to this user",
    remedy: "Run as its owner, or name another directory with --data.",
  },
  EPERM: {
    reason: "must not be changed by this user",
    remedy: "Run as its owner, or name another directory with --data.",
  },
  "ENOENT mkdir": {
    reason: "cannot be made there",
    remedy: "Name a directory on a writable disk with --data.",
  },
  ENOTDIR: {
    reason: "lies below a file",
    remedy: "Name another directory with --data.",
  },
  EFBIG: {
    reason: "cannot be written: it would exceed the file size limit of this process",
    remedy: "Raise the limit (ulimit -f), then try again.",
  },
  ENOSPC: { reason: "cannot be written: the disk is full", remedy: "Free space on the disk, then try again." },
  EDQUOT: {
    reason: "cannot be written: the quota is used up",
    remedy: "Raise the quota or free space, then try again.",
  },
};

/** What to tell the operator about a file that cannot be read or written; undefined for other errors. */
export function describeFileError(error: unknown): { message: string; remedy: string } | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, path, syscall } = error as Error & { code?: unknown; path?: unknown; syscall?: unknown };
  const known = reasons[String(code)] ?? reasons[`${String(code)} ${String(syscall)}`];
  if (known === undefined || typeof path !== "string") return undefined;
  return { message: `${path} ${known.reason}.`, remedy: known.remedy };
}
