import { isIP } from "node:net";
import { z } from "zod";
import { parseScope } from "@symbolon/protocol";
import { isReservedScope } from "@symbolon/server";
import { signInKeys, signInSchema } from "./sign-in-schema.ts";
import { pathOf, text } from "./text-schema.ts";
import { keysOfBranding, localLine, pageSchemas } from "./page-schemas.ts";

/** Each message completes the sentence "port must be …". */
const whole = (from: number, to: number, noun: string) => {
  const error = `must be ${noun} from ${from} to ${to}`;
  return z.int({ error }).min(from, error).max(to, error);
};
const seconds = (from: number, to: number) => whole(from, to, "a whole number of seconds");

const day = 86_400;

export const issuerSchema = text(
  "must be a URL such as https://id.example.com, without a query or a slash at the end",
  isIssuer,
).refine(
  (value) => !isIssuer(value) || isPlainPath(new URL(value).pathname),
  "must be a URL with a plain path: its path may have letters, digits and -._~ between single slashes, and is not /health or /ready",
);
const hostSchema = text("must be a host name or an IP address", (host) => isIP(host) !== 0 || isHostName(host));
const hostsSchema = z.array(
  text("must be a lower-case host name, with its port unless that is the default", isHostWithPort),
  { error: "must be a list of hosts" },
);
const proxiesSchema = z.array(text("must be an IP address or network, such as 10.0.0.7 or 10.0.0.0/8", isNetwork), {
  error: "must be a list of IP addresses or networks",
});

/** RFC 6749 §4.1.2 recommends at most 10 minutes for an authorization code. */
const lifetimesSchema = z
  .strictObject(
    {
      code: seconds(5, 600),
      access: seconds(10, 30 * day),
      grantIdle: seconds(60, 3650 * day),
      grantAbsolute: seconds(60, 3650 * day),
      transaction: seconds(60, day),
      sessionIdle: seconds(60, 365 * day),
      sessionAbsolute: seconds(60, 365 * day),
    },
    { error: "must be an object of lifetimes in seconds" },
  )
  .partial();

const scopeSchema = z.strictObject(
  {
    title: localLine(120),
    detail: localLine(240).optional(),
    access: z.enum(["read", "change"], { error: 'must be "read" or "change"' }).optional(),
  },
  { error: "must be an object with a title" },
);
const scopesSchema = z.record(
  z
    .string()
    .refine((name) => parseScope(name).ok && !name.includes(" "), "is not a scope name (RFC 6749 §3.3)")
    .refine((name) => !isReservedScope(name), "is reserved for the management API"),
  scopeSchema,
  { error: "must be an object of scope names, each with a title" },
);

const port = whole(1, 65_535, "a whole number");
const adminSchema = z.union([z.literal("off"), z.strictObject({ host: hostSchema, port })], {
  error: 'must be "off", or an object with a host and a port',
});

/** One schema for each key, whether a flag, a variable or the file sets it. */
export const keySchemas = {
  issuer: issuerSchema,
  port,
  host: hostSchema,
  data: pathOf("directory"),
  admin: adminSchema,
  hosts: hostsSchema,
  trustedProxies: proxiesSchema,
  scopes: scopesSchema,
  ...pageSchemas,
  lifetimes: lifetimesSchema,
  signIn: signInSchema,
  stopDelaySeconds: seconds(0, 300),
  auditRetentionDays: whole(1, 36_500, "a whole number of days"),
  tokenRequestsPerMinute: whole(1, 10_000_000, "a whole number"),
  logLevel: z.enum(["info", "warn", "error"], { error: "must be info, warn or error" }),
  logNetworks: z.enum(["plain", "hashed"], { error: "must be plain or hashed" }),
};

/** The settings of one source: the file, the environment or the flags. */
export const settingsSchema = z
  .strictObject(keySchemas, { error: "must be an object; write export default defineConfig({ … })" })
  .partial();

export type GivenSettings = z.output<typeof settingsSchema>;

/** The known keys at a path, for "did you mean". */
export function keysAt(path: readonly PropertyKey[]): readonly string[] {
  if (path.length === 0) return Object.keys(keySchemas);
  if (path[0] === "admin") return ["host", "port"];
  if (path[0] === "signIn") return signInKeys[String(path[1] ?? "")] ?? [];
  if (path[0] === "branding") return path.length === 1 ? keysOfBranding : ["light", "dark"];
  if (path[0] === "lifetimes") return Object.keys(lifetimesSchema.shape);
  return path[0] === "scopes" && path.length === 2 ? Object.keys(scopeSchema.shape) : [];
}

/**
 * RFC 8414 §2: no query and no fragment. The spelling must be the one that a URL parser writes. Whether http is allowed
 * depends on --dev, and is checked in serve/address.ts.
 */
function isIssuer(value: string): boolean {
  if (!/^https?:\/\/[\x21-\x7e]+$/.test(value) || /[?#@]|\/$/.test(value) || !URL.canParse(value)) return false;
  const { href } = new URL(value);
  return href === value || href === `${value}/`;
}

/** Of other characters, the router reads some as patterns, and requests with the rest in their path are refused. */
const isPlainPath = (path: string): boolean =>
  path === "/" || (/^(?:\/[\w.~-]+)+$/.test(path) && path !== "/health" && path !== "/ready");

function isHostName(host: string): boolean {
  return host.length <= 253 && /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i.test(host);
}

function isHostWithPort(value: string): boolean {
  return /^(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/.test(value);
}

/** Prefix length 0 is refused: it would trust every peer. */
function isNetwork(value: string): boolean {
  const [address = "", bits, ...more] = value.split("/");
  const family = isIP(address);
  if (family === 0 || address.includes("%") || more.length > 0) return false;
  return bits === undefined || (/^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}
