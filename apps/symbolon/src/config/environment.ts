import { suggestion } from "../command/did-you-mean.ts";
import { UsageError } from "../command/failure.ts";
import type { Source } from "./problems.ts";

/** The configuration key that each variable sets. SYMBOLON_KEYRING and SYMBOLON_CONFIG have no key in the file. */
const variables = {
  SYMBOLON_ISSUER: "issuer",
  SYMBOLON_PORT: "port",
  SYMBOLON_HOST: "host",
  SYMBOLON_DATA: "data",
  SYMBOLON_HOSTS: "hosts",
  SYMBOLON_TRUSTED_PROXIES: "trustedProxies",
  SYMBOLON_STOP_DELAY_SECONDS: "stopDelaySeconds",
  SYMBOLON_TOKEN_REQUESTS_PER_MINUTE: "tokenRequestsPerMinute",
  SYMBOLON_AUDIT_RETENTION_DAYS: "auditRetentionDays",
  SYMBOLON_LOG_LEVEL: "logLevel",
  SYMBOLON_LOG_NETWORKS: "logNetworks",
} as const;

const numbers: readonly string[] = ["port", "tokenRequestsPerMinute", "stopDelaySeconds", "auditRetentionDays"];

const known = [...Object.keys(variables), "SYMBOLON_KEYRING", "SYMBOLON_CONFIG"];

type Environment = Readonly<Record<string, string | undefined>>;

/** The settings of the environment. An empty variable counts as absent; an unknown SYMBOLON_ variable is refused. */
export function environmentSource(env: Environment): Source {
  refuseUnknown(env);
  const given = Object.fromEntries(
    Object.entries(variables).flatMap(([name, key]) => {
      const value = env[name];
      return value === undefined || value === "" ? [] : [[key, readVariable(key, value)]];
    }),
  );
  const nameOf = (key: PropertyKey | undefined) =>
    Object.entries(variables).find(([, of]) => of === key)?.[0] ?? String(key);
  return { given, label: ([key]) => nameOf(key) };
}

function refuseUnknown(env: Environment): void {
  const unknown = Object.keys(env).filter((name) => name.startsWith("SYMBOLON_") && !known.includes(name));
  if (unknown.length === 0) return;
  const lines = unknown.map((name) => `${name} is not a known environment variable${suggestion(name, known)}`);
  throw new UsageError(lines.join("\n"), `Known variables: ${known.join(", ")}.`);
}

function readVariable(key: (typeof variables)[keyof typeof variables], value: string): unknown {
  if (key === "hosts" || key === "trustedProxies") return value.split(",").map((part) => part.trim());
  return numbers.includes(key) ? readNumber(value) : value;
}

/** A number where the text is digits; otherwise the text itself, which the schema refuses. */
export const readNumber = (text: string): number | string => (/^\d{1,15}$/.test(text) ? Number(text) : text);
