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

/** An application at a provider, as `login` was told: what a refresh needs besides the grant. */
export type Connection = {
  /** A name in `profiles`, or what the provider said of itself. */
  profile: string | Profile;
  /** Instead of the profile's own address. */
  server?: string;
  clientId: string;
  clientSecret?: Sealed;
  /** Grows when client id or secret change. */
  generation: number;
};

/** A client of the provider; without a secret a public one. */
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

/** Gives the keeper the one application that a grant belongs to. */
export const providerOf = (connection: Connection) =>
  clientOf(connection).keeperProvider({ clientGeneration: connection.generation });

const keyOf = (name: string): string => `login.${name}`;
const boundTo = (name: string): string => `symbolon login ${name}`;

/** The whole of it is sealed: who could change an address in it would be sent the tokens. */
export async function readConnection(name: string, store: KeeperStore, vault: Vault): Promise<Connection | undefined> {
  const entry = await store.read(keyOf(name));
  return entry === undefined ? undefined : openConnection(name, entry.value, vault);
}

async function openConnection(name: string, value: string, vault: Vault): Promise<Connection> {
  const { clientSecret, ...rest } = JSON.parse(await vault.open(value, boundTo(name))) as Omit<
    Connection,
    "clientSecret"
  > & { clientSecret?: string };
  if (typeof rest.profile === "string" && profiles[rest.profile] === undefined)
    throw new Failure(`${name} belongs to ${rest.profile}, which this symbolon does not know.`);
  return { ...rest, ...(clientSecret === undefined ? {} : { clientSecret: new Sealed(clientSecret) }) };
}

/** Every connection there is, under its name. */
export async function readConnections(store: KeeperStore, vault: Vault): Promise<Map<string, Connection>> {
  const connections = new Map<string, Connection>();
  for await (const { key, value } of store.entries(keyOf(""))) {
    // The store has said that it is damaged, which is no reason to hide the others.
    if (value === "") continue;
    const name = key.slice(keyOf("").length);
    connections.set(name, await openConnection(name, value, vault));
  }
  return connections;
}

/**
 * The newest generation where the newest connection of this client, under whatever name, has the same secret; else one
 * above all there are, because what the keeper knows of a client outlives the connections that are replaced.
 */
export async function generationOf(connection: Connection, store: KeeperStore, vault: Vault): Promise<number> {
  let highest = 0;
  let newest: Connection | undefined;
  for await (const { key, value } of store.entries(keyOf(""))) {
    // One that cannot be read is nobody's: it must not stop a new login.
    const other = await openConnection(key.slice(keyOf("").length), value, vault).catch(() => undefined);
    if (other === undefined) continue;
    highest = Math.max(highest, other.generation);
    if (isOfOneClient(other, connection) && other.generation > (newest?.generation ?? 0)) newest = other;
  }
  return newest !== undefined && newest.clientSecret?.reveal() === connection.clientSecret?.reveal()
    ? newest.generation
    : highest + 1;
}

function isOfOneClient(one: Connection, other: Connection): boolean {
  const [a, b] = [providerOf(one), providerOf(other)];
  return a.issuer === b.issuer && a.clientId === b.clientId;
}

/** Writes it, whoever else writes one of this name: the last login counts. */
export async function writeConnection(
  name: string,
  connection: Connection,
  store: KeeperStore,
  vault: Vault,
): Promise<void> {
  const { clientSecret, ...rest } = connection;
  const sealed = await vault.seal(
    JSON.stringify({ ...rest, ...(clientSecret === undefined ? {} : { clientSecret: clientSecret.reveal() }) }),
    boundTo(name),
  );
  while ((await store.write(keyOf(name), (await store.read(keyOf(name)))?.revision ?? 0, sealed)) === undefined);
}
