import type { DatabaseSync } from "node:sqlite";
import type { Access } from "./access.ts";

/** Which keyring this database belongs to: its tokens, passwords and secrets are valid under that one only. */
export type KeyringBinding = {
  /** Returns the noted id. Notes `id` first where none is noted, or where the database has nothing to lose yet. */
  bind(id: string): Promise<string>;
  /** Whether the database has an application, an account, a grant or a resource server. */
  isUsed(): Promise<boolean>;
};

export function keyringBindingOf(database: DatabaseSync, { read, write }: Access): KeyringBinding {
  const look = database.prepare("SELECT id FROM keyring");
  const clear = database.prepare("DELETE FROM keyring");
  const note = database.prepare("INSERT INTO keyring (id) VALUES (?)");
  const anyRow = database.prepare(`
    SELECT EXISTS (SELECT 1 FROM applications) OR EXISTS (SELECT 1 FROM accounts)
      OR EXISTS (SELECT 1 FROM grants) OR EXISTS (SELECT 1 FROM resource_servers) AS found`);
  const noted = (): string | undefined => (look.get() as { id: string } | undefined)?.id;
  const isUsed = (): boolean => (anyRow.get() as { found: number }).found === 1;
  return {
    isUsed: () => read(isUsed),
    bind: async (id) => {
      if ((await read(noted)) === id) return id;
      return await write(() => {
        const known = noted();
        if (known !== undefined && isUsed()) return known;
        clear.run();
        note.run(id);
        return id;
      });
    },
  };
}
