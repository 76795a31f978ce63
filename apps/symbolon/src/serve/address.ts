import { UsageError } from "../command/failure.ts";
import type { Settings } from "../config/settings.ts";

/** The public issuer, and the address to listen on. */
export type Address = { issuer: string; host: string; port: number };

/**
 * Chooses the address before anything is opened. With --dev the server listens on this computer only and may use http.
 * Otherwise the issuer must be configured, and https.
 */
export function chooseAddress({ issuer, host = "localhost", port, admin }: Settings, isDevelopment: boolean): Address {
  if (isDevelopment) {
    for (const name of [host, ...(typeof admin === "object" ? [admin.host] : [])]) refuseOtherComputer(name);
    const developmentIssuer = issuer ?? `http://localhost:${port}`;
    refusePlainHttp(developmentIssuer);
    return { issuer: developmentIssuer, host, port };
  }
  if (issuer === undefined) {
    throw new UsageError(
      "The issuer is not configured.",
      "Set --issuer, SYMBOLON_ISSUER or issuer in symbolon.config.ts to the public https:// URL, or use --dev to try things out.",
    );
  }
  if (!issuer.startsWith("https://"))
    throw new UsageError(
      `The issuer must be https, not ${issuer}.`,
      "Put a proxy that terminates TLS in front of the server. Only --dev allows http.",
    );
  return { issuer, host, port };
}

function refuseOtherComputer(host: string): void {
  if (isLoopbackName(host)) return;
  throw new UsageError(
    `--dev listens on this computer only, not on ${host}.`,
    "Leave --host out. In production, set an https --issuer and leave --dev out.",
  );
}

export function refusePlainHttp(issuer: string): void {
  if (issuer.startsWith("https://") || isLoopbackName(new URL(issuer).hostname)) return;
  throw new UsageError(`The issuer must be https, not ${issuer}.`, "http is for localhost, 127.0.0.1 and [::1] only.");
}

const isLoopbackName = (host: string): boolean => /^(?:localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)$/.test(host);
