/**
 * Networks that are not for the public internet, by the registries of special-purpose addresses (RFC 6890), and
 * multicast. Of an IPv6 address that contains an IPv4 address all are internal: a public server has a name or an
 * address of its own.
 */
const networks = {
  4: [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/3",
  ],
  // Only 2000::/3 is for public hosts.
  6: ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"],
} as const;

/** Whether a host, as `URL.hostname` writes it, is on this machine or in a private network, or a local name. */
export function isInternalHost(host: string): boolean {
  const name = host.replace(/\.$/, "");
  if (name.startsWith("[")) {
    const bits = ipv6Bits(name.slice(1, -1));
    return !bits.startsWith("001") || networks[6].some((network) => contains(network, bits, ipv6Bits));
  }
  if (/^[\d.]+$/.test(name)) return networks[4].some((network) => contains(network, ipv4Bits(name), ipv4Bits));
  // A name without a dot is searched in the local domain.
  return !name.includes(".") || /\.(?:localhost|local|internal|home\.arpa)$/.test(name);
}

/** The host as `URL.hostname` writes it, or undefined if it is none. */
export function normalHost(host: unknown): string | undefined {
  if (typeof host !== "string" || host === "") return undefined;
  const url = `https://${host.includes(":") && !host.startsWith("[") ? `[${host}]` : host}`;
  return URL.canParse(url) && new URL(url).host !== "" ? new URL(url).hostname : undefined;
}

function contains(network: string, bits: string, toBits: (address: string) => string): boolean {
  const [address = "", length] = network.split("/");
  return bits.startsWith(toBits(address).slice(0, Number(length)));
}

const bitsOf = (number: number, length: number): string => number.toString(2).padStart(length, "0");

const ipv4Bits = (address: string): string =>
  address
    .split(".")
    .map((part) => bitsOf(Number(part), 8))
    .join("");

function ipv6Bits(address: string): string {
  const [before = "", after = ""] = address.split("::").map((half) =>
    half
      .split(":")
      .filter(Boolean)
      .map((part) => bitsOf(Number.parseInt(part, 16), 16))
      .join(""),
  );
  return before.padEnd(128 - after.length, "0") + after;
}
