import { closeSync, constants, fsyncSync, openSync } from "node:fs";
import { open } from "node:fs/promises";
import { hasFileModes } from "./mode.ts";

/** Makes created, renamed and deleted names in the directory survive a power cut. Does nothing on Windows. */
export async function fsyncDirectory(path: string): Promise<void> {
  if (!hasFileModes) return;
  const handle = await open(path, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** `fsyncDirectory`, blocking the event loop. */
export function fsyncDirectorySync(path: string): void {
  if (hasFileModes) fsyncPathSync(path, "r");
}

/** Makes the content of the file survive a power cut. */
export const fsyncFileSync = (path: string): void => fsyncPathSync(path, "r+");

function fsyncPathSync(path: string, flags: "r" | "r+"): void {
  const handle = openSync(path, flags);
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
