import { spawn } from "node:child_process";
import { whyUnsafe } from "../application.ts";

/** Starts a program with its arguments; no shell reads them. Answers whether it started. */
export type Run = (command: string, args: readonly string[]) => Promise<boolean>;

/**
 * Shows an address in the person's own browser, and answers whether one could be started; print the address where not.
 * Only https is opened, and http on this machine: any other scheme may be a program. @see RFC 8252 §8.12, MX-07
 */
export async function openBrowser(
  url: string,
  { platform = process.platform, run = runDetached }: { platform?: NodeJS.Platform; run?: Run } = {},
): Promise<boolean> {
  if (whyUnsafe(url) !== undefined) return false;
  const [command, ...args] = openers[platform] ?? ["xdg-open"];
  return await run(command!, [...args, url]);
}

const openers: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: ["open"],
  win32: ["rundll32", "url.dll,FileProtocolHandler"],
};

const runDetached: Run = (command, args) =>
  new Promise((resolve) => {
    const child = spawn(command, args, { stdio: "ignore", detached: true, shell: false });
    child.once("error", () => resolve(false));
    child.once("spawn", () => {
      child.unref();
      resolve(true);
    });
  });
