import { UsageError } from "../command/failure.ts";
import type { Settings } from "../config/settings.ts";

/** Where to listen, and under which name: decided before anything is opened. */
export type Where = { issuer: string; host: string; port: number };

/** Development stays on this computer and may speak http; otherwise the issuer is configured, and https. */
export function decideWhere({ issuer, host = "localhost", port }: Settings, isDevelopment: boolean): Where {
  if (isDevelopment) {
    if (!isLoopbackName(host))
      throw new UsageError(
        `--dev listens on this computer only, not on ${host}.`,
        "To serve others, configure an https issuer and leave --dev out.",
      );
    const named = issuer ?? `http://localhost:${port}`;
    refusePlainHttp(named);
    return { issuer: named, host, port };
  }
  if (issuer === undefined) {
    throw new UsageError(
      "The issuer is not configured.",
      "Set --issuer, SYMBOLON_ISSUER or issuer in symbolon.config.ts to the public https:// address; or try things out with --dev.",
    );
  }
  if (!issuer.startsWith("https://"))
    throw new UsageError(
      `The issuer must be https, not ${issuer}.`,
      "Put a proxy that ends TLS in front; http is for --dev on this computer.",
    );
  return { issuer, host, port };
}

function refusePlainHttp(issuer: string): void {
  if (issuer.startsWith("https://") || isLoopbackName(new URL(issuer).hostname)) return;
  throw new UsageError(`The issuer must be https, not ${issuer}.`, "http is for localhost, 127.0.0.1 and [::1].");
}

const isLoopbackName = (host: string): boolean => /^(?:localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)$/.test(host);
