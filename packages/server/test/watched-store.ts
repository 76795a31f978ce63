import { memoryStore, type Account, type Application, type Store } from "../src/index.ts";

/** A store in memory that records its calls, and whose rows and faults a test can set. */
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
    /** Changes the rows that the server reads; `undefined` removes a row. */
    edits,
    /** Makes a call throw the error that it returns. */
    faults,
    /** The inserts that were recorded. */
    inserts: () => calls.filter((call) => call.endsWith(".insert") || createsGrant.has(call)),
    forget: () => calls.splice(0),
  };
}

const createsGrant = new Set(["grants.offer", "grants.findOrCreateClientCredentials"]);
