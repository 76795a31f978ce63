import { existsSync } from "node:fs";
import { platformWorld } from "@symbolon/client";
import {
  createKeeper,
  openVault,
  type Keeper,
  type KeeperEvent,
  type KeeperOptions,
  type KeeperProvider,
  type KeeperStore,
  type Vault,
  type WrappingKey,
} from "@symbolon/client/keeper";
import { openFilesKeeperStore } from "@symbolon/keeper-stores/files";
import { thisProcess } from "@symbolon/keeper-stores/process";
import type { Terminal } from "../command/terminal.ts";
import { Failure } from "../command/failure.ts";
import { printable } from "../command/print.ts";
import { keeperPlace, makeKey, readKey, type KeeperPlace } from "./place.ts";
import { toFailure } from "./keeper-failure.ts";
import { lazyOutbox, outboxDirectory } from "./outbox.ts";

/** The flags of every command of the keeper. */
export const keeperFlags = {
  keeper: {
    type: "string",
    value: "DIR",
    summary: "the directory of the grants (default SYMBOLON_KEEPER, or $XDG_DATA_HOME/symbolon/keeper)",
  },
} as const;

/** The opened store of this user and its key. */
export type OpenKeeper = {
  store: KeeperStore;
  vault: Vault;
  /** A keeper for grants of these providers. Its warnings go to stderr. */
  keeperOf(providers: readonly KeeperProvider[]): Keeper;
};

type Asked = { flags: { keeper: string | undefined }; terminal: Terminal };

/** Opens the store of this user, runs `work` with it, and closes it. `create` makes a missing directory and key. */
export async function withKeeper<T>(
  { flags, terminal }: Asked,
  create: boolean,
  work: (open: OpenKeeper) => Promise<T>,
): Promise<T> {
  const place = keeperPlace(flags.keeper, terminal.env, terminal.cwd);
  if (!create && !existsSync(place.directory))
    throw new Failure(
      `There are no grants in ${place.directory}.`,
      "symbolon login PROFILE makes the first one. --keeper names another directory.",
    );
  try {
    let outbox: KeeperStore | undefined;
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
      const directory = outboxDirectory(place.outboxBase, place.directory);
      outbox = lazyOutbox(directory);
      return await work({
        store,
        vault,
        keeperOf: (providers) =>
          tolerantKeeper({ providers, store, keys: vault, outbox: outbox! }, (event) =>
            warn(event, directory, terminal),
          ),
      });
    } finally {
      await outbox?.close();
      await store.close();
    }
  } catch (error) {
    throw toFailure(error, place);
  }
}

/** The key of the store. Makes one for an empty store only: a new key cannot open existing records. */
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
      `The key ${place.keyFile} of the grants in ${place.directory} is missing.`,
      "Restore the file, or set the key in SYMBOLON_KEEPER_KEY. If the key is lost, remove the directory and log in again.",
    );
  if (!create)
    throw new Failure(`There are no grants in ${place.directory}.`, "symbolon login PROFILE makes the first one.");
  return makeKey(place);
}

/**
 * A keeper whose disposal ignores errors once it has warned that tokens could not be stored: the printed token is valid
 * all the same.
 */
function tolerantKeeper(options: KeeperOptions, notify: (event: KeeperEvent) => void): Keeper {
  let isVolatile = false;
  const onEvent = (event: KeeperEvent): void => {
    isVolatile ||= event.type === "volatile";
    notify(event);
  };
  const keeper = createKeeper({ ...options, ...thisProcess(), onEvent });
  const ignoreIfVolatile = (error: unknown): void => {
    if (!isVolatile) throw error;
  };
  return { ...keeper, [Symbol.asyncDispose]: () => keeper.close().catch(ignoreIfVolatile) };
}

function warn(event: KeeperEvent, outbox: string, { err }: Terminal): void {
  if (event.type === "volatile")
    err(
      `warning: the new tokens of ${event.id} could not be stored${event.inOutbox ? ` yet. They are kept, sealed, in ${outbox}` : "; they are lost when this process ends"}.`,
    );
  if (event.type === "scope_changed") err(printable(`warning: the scope of ${event.id} is now: ${event.to.join(" ")}`));
  if (event.type === "paused") err(printable(`warning: the provider refuses the client credentials (${event.code}).`));
}
