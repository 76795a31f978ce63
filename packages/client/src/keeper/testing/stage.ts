import type { RotationClass } from "../../rotation-class.ts";
import type { KeeperEvent } from "../events.ts";
import { createKeeper, type Keeper, type KeeperOptions } from "../keeper.ts";
import { memoryPlace, memoryStore, type MemoryPlace } from "../memory-store.ts";
import type { KeeperProvider } from "../provider.ts";
import type { GrantRecord } from "../record.ts";
import type { KeeperStore } from "../store.ts";
import { fakeProvider, type FakeProvider } from "./fake-provider.ts";
import { plainVault } from "./plain-vault.ts";
import { virtualWorld, type VirtualWorld } from "./virtual-world.ts";

/** A process: a keeper, the events it emitted, and its store, which can be made to fail. */
export type Process = { keeper: Keeper; events: KeeperEvent[]; store: FailingStore };

export type Stage = {
  world: VirtualWorld;
  provider: FakeProvider;
  place: MemoryPlace;
  /** Another process over the same records. */
  process(set?: Partial<KeeperOptions> & { provider?: Partial<KeeperProvider> }): Process;
  /** The record as the store has it. */
  record(id?: string): GrantRecord;
  edit(change: (record: GrantRecord) => GrantRecord, id?: string): void;
};

export function createStage(rotation: RotationClass, set: Partial<KeeperProvider> = {}): Stage {
  const world = virtualWorld();
  const provider = fakeProvider(world, rotation, set);
  const place = memoryPlace();
  const entry = (id: string) => place.entries.get(`g.${id}`)!;
  return {
    world,
    provider,
    place,
    process({ provider: changed, ...options } = {}) {
      const events: KeeperEvent[] = [];
      const store = failingStore(memoryStore(place));
      const providers = changed === undefined ? provider : { ...provider, ...changed };
      return {
        events,
        store,
        keeper: createKeeper({
          providers,
          store,
          keys: plainVault,
          world,
          onEvent: (event) => events.push(event),
          ...options,
        }),
      };
    },
    record: (id = "1") => JSON.parse(entry(id).value) as GrantRecord,
    edit: (change, id = "1") =>
      void place.entries.set(`g.${id}`, {
        revision: ++place.revision,
        value: JSON.stringify(change(JSON.parse(entry(id).value) as GrantRecord)),
      }),
  };
}

/** A stage with one process that has adopted the grant "1". */
export async function adopted(rotation: RotationClass, set: Partial<KeeperProvider> = {}): Promise<Stage & Process> {
  const stage = createStage(rotation, set);
  const process = stage.process();
  await process.keeper.adopt("1", stage.provider.consent());
  return { ...stage, ...process };
}

/** Lets the store refuse every grant record from the next POST on, so that its answer is held. Returns the repair. */
export function failAfterPost({ provider, store }: Pick<Stage, "provider"> & Pick<Process, "store">): () => void {
  const send = provider.refresh;
  provider.refresh = (ask) => {
    store.failing = (operation, key) => operation === "write" && key.startsWith("g.") && "before";
    return send(ask);
  };
  return () => {
    store.failing = () => false;
    provider.refresh = send;
  };
}

export type FailingStore = KeeperStore & {
  /** Whether a call fails: "before" it does anything, or "after" it is done. */
  failing(operation: "read" | "write" | "remove" | "entries", key: string, value: string): false | "before" | "after";
};

export function failingStore(store: KeeperStore): FailingStore {
  const refuse = (): never => {
    throw new Error("the store does not answer");
  };
  const call = async <T>(how: false | "before" | "after", work: () => Promise<T>): Promise<T> => {
    if (how === "before") refuse();
    const done = await work();
    return how === "after" ? refuse() : done;
  };
  const failing: FailingStore = {
    failing: () => false,
    read: (key) => call(failing.failing("read", key, ""), () => store.read(key)),
    write: (key, expected, value) =>
      call(failing.failing("write", key, value), () => store.write(key, expected, value)),
    remove: (key, expected) => call(failing.failing("remove", key, ""), () => store.remove(key, expected)),
    entries: (prefix) => (failing.failing("entries", prefix, "") ? refuse() : store.entries(prefix)),
    close: () => store.close(),
  };
  return failing;
}
