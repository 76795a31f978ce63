import type { EmulatorRequest } from "../wire/message.ts";

const loopbackHosts: ReadonlySet<string> = new Set(["127.0.0.1", "localhost", "[::1]"]);

/**
 * Whether a request for /emulator comes from this computer's own pages and programs. Other host names can belong to a
 * page that resolves its own name to 127.0.0.1 (DNS rebinding), other origins to any page in the same browser.
 */
export function isFromOwnOrigin({ headers }: EmulatorRequest): boolean {
  const { host, origin } = headers;
  if (host !== undefined && !loopbackHosts.has(hostnameOf(`http://${host}`))) return false;
  if (origin === undefined) return true;
  return loopbackHosts.has(hostnameOf(origin)) && (host === undefined || hostOf(origin) === host);
}

const hostnameOf = (url: string): string => (URL.canParse(url) ? new URL(url).hostname : "");
const hostOf = (url: string): string => new URL(url).host;
