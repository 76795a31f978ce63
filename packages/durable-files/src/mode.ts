/** Windows has no POSIX file modes, and cannot open a directory to sync it. */
export const hasFileModes = process.platform !== "win32";

/** Whether the mode lets the group or other users read, write or execute. Always false on Windows. */
export const isOpenToOthers = (mode: number): boolean => hasFileModes && (mode & 0o077) !== 0;
