/**
 * The range around a network: of an IPv4 address the first 24 bits, of an IPv6 network of 64 bits the first 48, which
 * one customer usually has. `network` is in the form of `networkOf` in http/.
 */
export const rangeOf = (network: string): string =>
  network.includes(":") ? network.split(":", 3).join(":") : network.split(".", 3).join(".");
