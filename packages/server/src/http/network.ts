/** The network of an IP address: of an IPv6 address the first 64 bits, because one host usually has the rest. */
export function networkOfAddress(address: string): string {
  if (!address.includes(":") || /^::ffff:[0-9.]+$/i.test(address)) return address.slice(address.lastIndexOf(":") + 1);
  const [withoutZone = ""] = address.split("%");
  const [head = "", tail = ""] = withoutZone.split("::");
  const before = head.split(":").filter(Boolean);
  const after = tail.split(":").filter(Boolean);
  const zeros = withoutZone.includes("::") ? Array<string>(8 - before.length - after.length).fill("0") : [];
  const groups = [...before, ...zeros, ...after].slice(0, 4);
  return groups.map((group) => Number.parseInt(group, 16).toString(16)).join(":");
}
