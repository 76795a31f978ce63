import type { ServerConfig } from "../config.ts";

const aYear = 31_536_000;

/** Where the issuer is https, browsers are told to use nothing else for its host. @see RFC 6797 §7.1 */
export const headersOfEveryAnswer = ({ issuer }: Pick<ServerConfig, "issuer">): Record<string, string> => ({
  "x-content-type-options": "nosniff",
  ...(issuer.startsWith("https:") ? { "strict-transport-security": `max-age=${aYear}` } : {}),
});
