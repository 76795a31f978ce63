import {
  createClient,
  fitbit,
  generic,
  googleHealth,
  gusto,
  symbolon,
  Sealed,
  type Application,
  type ClientOptions,
  type Profile,
} from "@symbolon/client";
import type { KeeperStore, Vault } from "@symbolon/client/keeper";
import { Failure } from "../command/failure.ts";

/** The providers that `login` knows by name. */
export const profiles: Readonly<Record<string, Profile>> = {
  gusto,
  fitbit,
  "google-health": googleHealth,
  symbolon,
  generic,
};

/** The client at a provider that `login` was given: what a refresh needs besides the grant. */
export type Connection = {
  /** A name in `profiles`, or the profile from the provider's metadata. */
  profile: string | Profile;
  /** The URL of the server, instead of the profile's own. */
  server?: string;
  clientId: string;
  clientSecret?: Sealed;
  /** Increases when client id or secret change. */
  generation: number;
};

/** A client of the provider; a public client if there is no secret. */
export function clientOf(
  { profile, server, clientId, clientSecret }: Connection,
  options: Partial<ClientOptions> = {},
) {
  const known = typeof profile === "string" ? profiles[profile]! : profile;
  const addresses = server === undefined ? {} : { baseUrl: server, authorizeBaseUrl: server };
  return createClient(known, {
    ...addresses,
    clientId,
    ...(clientSecret === undefined ? { authentication: "none" } : { clientSecret }),
    ...options,
  } satisfies Partial<Application>);
}

/** The provider for the keeper, with the client that the grant belongs to. */
export const providerOf = (connection: Connection) =>
  clientOf(connection).keeperProvider({ clientGeneration: connection.generation });

const keyOf = (name: string): string => `login.${name}`;
const sealContext = (name: string): string => `symbolon login ${name}`;

/** Everything is sealed: an attacker who could change a URL in it would receive the tokens. */
export async function readConnection(name: string, store: KeeperStore, vault: Vault): Promise<Connection | undefined> {
  const entry = await store.read(keyOf(name));
  return entry === undefined ? undefined : openConnection(name, entry.value, vault);
}

async function openConnection(name: string, value: string, vault: Vault): Promise<Connection> {
  const { clientSecret, ...rest } = JSON.parse(await vault.open(value, sealContext(name))) as Omit<
    Connection,
    "clientSecret"
  > & { clientSecret?: string };
  if (typeof rest.profile === "string" && profiles[rest.profile] === undefined)
    throw new Failure(`${name} has the profile ${rest.profile}, which this version does not know.`, "Update symbolon.");
  return { ...rest, ...(clientSecret === undefined ? {} : { clientSecret: new Sealed(clientSecret) }) };
}

/** Every readable connection by its name. */
export async function readConnections(store: KeeperStore, vault: Vault): Promise<Map<string, Connection>> {
  const connections = new Map<string, Connection>();
  for await (const { key, value } of store.entries(keyOf(""))) {
    // The store has reported this one as damaged; the others are still listed.
    if (value === "") continue;
    const name = key.slice(keyOf("").length);
    connections.set(name, await openConnection(name, value, vault));
  }
  return connections;
}

/**
 * The generation of the client's credentials: that of the newest connection of the same client if its secret is the
 * same, else one above every generation. The keeper remembers a client longer than its connections, so a generation is
 * never used for two secrets.
 */
export async function generationOf(connection: Connection, store: KeeperStore, vault: Vault): Promise<number> {
  let highest = 0;
  let newest: Connection | undefined;
  for await (const { key, value } of store.entries(keyOf(""))) {
    // An unreadable connection must not prevent a new login.
    const other = await openConnection(key.slice(keyOf("").length), value, vault).catch(() => undefined);
    if (other === undefined) continue;
    highest = Math.max(highest, other.generation);
    if (isSameClient(other, connection) && other.generation > (newest?.generation ?? 0)) newest = other;
  }
  return newest !== undefined && newest.clientSecret?.reveal() === connection.clientSecret?.reveal()
    ? newest.generation
    : highest + 1;
}

function isSameClient(one: Connection, other: Connection): boolean {
  const [a, b] = [providerOf(one), providerOf(other)];
  return a.issuer === b.issuer && a.clientId === b.clientId;
}

/** Writes the connection. If two logins write the same name, the last one wins. */
export async function writeConnection(
  name: string,
  connection: Connection,
  store: KeeperStore,
  vault: Vault,
): Promise<void> {
  const { clientSecret, ...rest } = connection;
  const sealed = await vault.seal(
    JSON.stringify({ ...rest, ...(clientSecret === undefined ? {} : { clientSecret: clientSecret.reveal() }) }),
    sealContext(name),
  );
  while ((await store.write(keyOf(name), (await store.read(keyOf(name)))?.revision ?? 0, sealed)) === undefined);
}
