import { spawn } from "node:child_process";
import { describeUnsafeUrl } from "../endpoint-url.ts";

/** Starts a program with arguments, without a shell. Resolves to whether it started. */
export type RunProgram = (command: string, args: readonly string[]) => Promise<boolean>;

/**
 * Opens a URL in the user's default browser. Resolves to whether a browser could be started; where it could not, print
 * the URL. Only https URLs and http URLs of this machine are opened: other schemes may start other programs.
 * @see RFC 8252 §8.12, MX-07
 */
export async function openBrowser(
  url: string,
  { platform = process.platform, run = runDetached }: { platform?: string; run?: RunProgram } = {},
): Promise<boolean> {
  if (describeUnsafeUrl(url) !== undefined) return false;
  const [command, ...args] = openers[platform] ?? ["xdg-open"];
  return await run(command!, [...args, url]);
}

const openers: Partial<Record<string, readonly string[]>> = {
  darwin: ["open"],
  win32: ["rundll32", "url.dll,FileProtocolHandler"],
};

const runDetached: RunProgram = (command, args) =>
  new Promise((resolve) => {
    const child = spawn(command, args, { stdio: "ignore", detached: true, shell: false });
    child.once("error", () => resolve(false));
    child.once("spawn", () => {
      child.unref();
      resolve(true);
    });
  });
