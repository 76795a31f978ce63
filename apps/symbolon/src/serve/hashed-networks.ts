import type { Emit, Keyring, ServerEvent } from "@symbolon/server";

/** As `emit`, with a keyed hash in place of each network: equal networks stay equal, and none can be read. */
export const withHashedNetworks =
  (emit: Emit, keyring: Pick<Keyring, "digest">): Emit =>
  (event: ServerEvent, requestId) =>
    emit("network" in event ? { ...event, network: nameOf(event.network, keyring) } : event, requestId);

const nameOf = (network: string, keyring: Pick<Keyring, "digest">): string =>
  Buffer.from(keyring.digest("network", network)).toString("base64url").slice(0, 16);
