import { isClientError, platformWorld, type ClientError } from "@symbolon/client";
import {
  createKeeper,
  KeeperError,
  openVault,
  type Keeper,
  type KeeperEvent,
  type KeeperOptions,
  type KeeperProvider,
  type KeeperStore,
  type Vault,
  type WrappingKey,
} from "@symbolon/client/keeper";
import { KeeperStoreRefused, KeeperStoreUnavailable, openFilesKeeperStore } from "@symbolon/keeper-stores/files";
import { existsSync } from "node:fs";
import type { Terminal } from "../command/terminal.ts";
import { Failure } from "../command/failure.ts";
import { printable } from "../command/print.ts";
import { keeperPlace, makeKey, readKey, type KeeperPlace } from "./place.ts";
import { lazySpool, spoolDirectory } from "./spool.ts";

/** What every command of the keeper takes. */
export const keeperFlags = {
  keeper: {
    type: "string",
    value: "DIR",
    summary: "where the grants are (default SYMBOLON_KEEPER, or symbolon/keeper below your data directory)",
  },
} as const;

/** This person's store, opened with their key. */
export type OpenKeeper = {
  store: KeeperStore;
  vault: Vault;
  /** A keeper that knows these providers. Warnings go to stderr. */
  keeperOf(providers: readonly KeeperProvider[]): Keeper;
};

type Asked = { flags: { keeper: string | undefined }; terminal: Terminal };

/**
 * Opens this person's store for `work`. `create`: makes directory and key where there are none, which only a login may.
 */
export async function withKeeper<T>(
  { flags, terminal }: Asked,
  create: boolean,
  work: (open: OpenKeeper) => Promise<T>,
): Promise<T> {
  const place = keeperPlace(flags.keeper, terminal.env, terminal.cwd);
  if (!create && !existsSync(place.directory))
    throw new Failure(
      `There are no grants in ${place.directory}.`,
      "symbolon login PROFILE brings the first one; --keeper names another place.",
    );
  try {
    let spool: KeeperStore | undefined;
    const store = await openFilesKeeperStore({
      directory: place.directory,
      onDamage: ({ message }) => terminal.err(message),
    });
    try {
      const vault = openVault(
        store,
        { current: await keyFor(place, terminal.env, store, create) },
        platformWorld.random,
      );
      const directory = spoolDirectory(place.spoolBase, place.directory);
      spool = lazySpool(directory);
      return await work({
        store,
        vault,
        keeperOf: (providers) =>
          patientKeeper({ providers, store, keys: vault, spool: spool! }, (event) => warn(event, directory, terminal)),
      });
    } finally {
      await spool?.close();
      await store.close();
    }
  } catch (error) {
    throw inWords(error, place);
  }
}

/** A new key would make what is there unreadable, so it is made for an empty store only. */
async function keyFor(
  place: KeeperPlace,
  env: Terminal["env"],
  store: KeeperStore,
  create: boolean,
): Promise<WrappingKey> {
  const key = readKey(place, env);
  if (key !== undefined) return key;
  for await (const _ of store.entries(""))
    throw new Failure(
      `${place.directory} is sealed, and its key ${place.keyFile} is not there.`,
      "Bring the file back, or name the key with SYMBOLON_KEEPER_KEY. Without it the grants are lost; then remove the directory and log in anew.",
    );
  if (!create)
    throw new Failure(`There are no grants in ${place.directory}.`, "symbolon login PROFILE brings the first one.");
  return makeKey(place);
}

/** A keeper whose end is no failure where it has only what was said to wait: the token that was handed out is good. */
function patientKeeper(options: KeeperOptions, tell: (event: KeeperEvent) => void): Keeper {
  let isVolatile = false;
  const onEvent = (event: KeeperEvent): void => {
    isVolatile ||= event.type === "volatile";
    tell(event);
  };
  const keeper = createKeeper({ ...options, onEvent });
  const end = (error: unknown): void => {
    if (!isVolatile) throw error;
  };
  return { ...keeper, [Symbol.asyncDispose]: () => keeper.close().catch(end) };
}

function warn(event: KeeperEvent, spool: string, { err }: Terminal): void {
  if (event.type === "volatile")
    err(
      `warning: the new tokens of ${event.id} could not be stored${event.spooled ? ` yet. They wait, sealed, in ${spool}` : "; they are lost when this process ends"}.`,
    );
  if (event.type === "scope_changed") err(printable(`warning: the scope of ${event.id} is now: ${event.to.join(" ")}`));
  if (event.type === "paused") err(printable(`warning: the provider refuses the client itself (${event.code}).`));
}

/** What was expected to fail, in the words of the command; anything else as it is. */
function inWords(error: unknown, { directory, keyFile }: Pick<KeeperPlace, "directory" | "keyFile">): unknown {
  // What a store says of itself names files and what to do, and nothing that is secret.
  if (error instanceof KeeperError && error.cause instanceof KeeperStoreRefused)
    return new Failure(printable(error.cause.message), undefined, { cause: error });
  if (error instanceof KeeperError && error.cause instanceof KeeperStoreUnavailable)
    return inWords(error.cause, { directory, keyFile });
  if (error instanceof KeeperError)
    return new Failure(printable(`${sentence(error)}.`), remedyOf(error, keyFile), { cause: error });
  if (isClientError(error))
    return new Failure(printable(`${error.message}.`), clientRemedies[error.code], { cause: error });
  if (error instanceof KeeperStoreRefused) return new Failure(error.message, undefined, { cause: error });
  if (error instanceof KeeperStoreUnavailable)
    return new Failure(
      `The grants in ${directory} cannot be read or written: ${error.message}`,
      "Check the disk and its permissions, then try again.",
      { cause: error },
    );
  return error;
}

function sentence({ code, message, id, retryAfterMs, evidence = [] }: KeeperError): string {
  const said = evidence.at(-1);
  const because =
    said === undefined ? "" : `; the provider said ${[said.code, said.description].filter(Boolean).join(": ")}`;
  const wait =
    retryAfterMs === undefined || retryAfterMs === 0
      ? ""
      : `; the next attempt is in ${Math.ceil(retryAfterMs / 1000)} s`;
  const says: Partial<Record<KeeperError["code"], string>> = {
    unknown_grant: `There is no grant ${id}`,
    ended: `The grant ${id} is over${because}`,
    suspect: `The provider refuses ${id}, which is not yet believed${because}${wait}`,
    paused: `The provider refuses the client itself${because}${wait}`,
    unavailable: `No fresh token for ${id}: the provider does not answer${because}${wait}`,
  };
  return says[code] ?? message;
}

function remedyOf({ code, id }: KeeperError, keyFile: string): string | undefined {
  const remedies: Partial<Record<KeeperError["code"], string>> = {
    unknown_grant: "symbolon keeper status lists them; symbolon login PROFILE brings one.",
    ended: `symbolon keeper explain ${id} tells the whole story; symbolon login connects again.`,
    suspect: `Try again later. symbolon keeper explain ${id} tells more.`,
    paused: "Log in again with the right client id and secret: symbolon login PROFILE.",
    unavailable: "Try again later.",
    store_unavailable: "Check the disk and its permissions, then try again.",
    unreadable: `Is SYMBOLON_KEEPER_KEY or ${keyFile} the key that it was sealed with?`,
  };
  return remedies[code];
}

const clientRemedies: Partial<Record<ClientError["code"], string>> = {
  client_credentials_wrong: "Check --client-id and the secret.",
  connection: "Is the provider's address right? --server names another.",
};
