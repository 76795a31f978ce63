import { memoryStore, type Account, type Application, type Store } from "../src/index.ts";

/** A store in memory that tests look into, change behind the server's back, and break. */
export function watchedStore() {
  const calls: string[] = [];
  const edits: {
    application?: (row: Application) => Application | undefined;
    account?: (row: Account) => Account | undefined;
  } = {};
  const faults: { next?: (call: string) => Error | undefined } = {};

  const watch = <T extends object>(part: T, name: string): T =>
    new Proxy(part, {
      get(target, member) {
        const value: unknown = Reflect.get(target, member);
        if (typeof value !== "function")
          return typeof value === "object" && value !== null ? watch(value, `${name}${String(member)}.`) : value;
        return async (...given: unknown[]) => {
          const call = `${name}${String(member)}`;
          calls.push(call);
          const fault = faults.next?.(call);
          if (fault !== undefined) throw fault;
          return edited(call, await Reflect.apply(value, target, given));
        };
      },
    });
  const edited = (call: string, row: unknown): unknown => {
    if (row === undefined) return row;
    if (call === "applications.find" && edits.application !== undefined) return edits.application(row as Application);
    if (call.startsWith("accounts.find") && edits.account !== undefined) return edits.account(row as Account);
    return row;
  };

  return {
    store: watch<Store>(memoryStore(), ""),
    calls,
    /** What the server reads of a row from now on; `undefined` for a row that is gone. */
    edits,
    /** Throws instead of the call where it answers an error. */
    faults,
    /** The rows that were added since the last look. */
    inserts: () => calls.filter((call) => call.endsWith(".insert") || call === "grants.findOrCreateClientCredentials"),
    forget: () => calls.splice(0),
  };
}
