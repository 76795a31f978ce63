export { createEmptyFileSync, replaceFileSync, writeNewFileSync } from "./write.ts";
export { fsyncDirectory, fsyncDirectorySync, fsyncFileSync } from "./fsync.ts";
export { hasFileModes, isOpenToOthers } from "./mode.ts";
export {
  preparePrivateDirectory,
  refuseUnsafeDatabase,
  refuseUnsafeDirectory,
  refuseUnsafeFile,
  UnsafePath,
} from "./private-path.ts";
export { fileIdentity } from "./identity.ts";
export { isSafeSqliteVersion } from "./sqlite-version.ts";
