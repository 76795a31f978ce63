import { Sealed } from "@symbolon/protocol";
import { exampleGrant, exampleGrantId, exampleSession } from "@symbolon/testing";
import { describe, expect, test } from "vitest";
import { makeWorld } from "../../test/world.ts";
import { changePassword } from "./change-password.ts";
import { deleteAccount } from "./delete-account.ts";
import { registerAccount } from "./register-account.ts";
import { resumeAccount, suspendAccount } from "./suspend-account.ts";

const registration = {
  email: "jo@example.com",
  resources: [],
  password: new Sealed<"password">("correct horse battery"),
};

/** An account with a session and two grants, and a grant of another account. */
async function worldWithAccount() {
  const { deps } = await makeWorld();
  const registered = await registerAccount(registration, deps);
  if (!registered.ok) throw new Error("It must be registered.");
  const account = registered.value;
  const session = exampleSession({ owner: account.id });
  await deps.store.sessions.insert(session);
  for (const [number, owner] of [account.id, account.id, exampleGrant().owner].entries())
    await deps.store.grants.insert(exampleGrant({ id: exampleGrantId(number + 1), owner }));
  const grants = async () => {
    const all = await deps.store.grants.list({ limit: 10 });
    return all.map(({ state, revokedBecause }) => revokedBecause ?? state).toSorted();
  };
  return { deps, account, grants, session: () => deps.store.sessions.find(session.digest) };
}

describe("registerAccount", () => {
  test("stores a hash of the password, and refuses an e-mail address that is taken", async () => {
    const { deps, account } = await worldWithAccount();
    expect(await deps.store.accounts.find(account.id)).toEqual(account);
    expect(await deps.passwords.verify(account, registration.password, { range: "a" })).toBe(true);
    expect(await registerAccount(registration, deps)).toMatchObject({
      ok: false,
      problems: [{ field: "email", kind: "taken", value: "jo@example.com" }],
    });
  });
});

describe("WB-17: what ends an account ends its sessions and grants, and those of no other account", () => {
  test("a new password", async () => {
    const { deps, account, grants, session } = await worldWithAccount();
    expect(await changePassword(account.id, new Sealed("another password"), deps)).toEqual({ revokedGrants: 2 });
    expect(await grants()).toEqual(["active", "password_changed", "password_changed"]);
    expect(await session()).toBeUndefined();
    const stored = (await deps.store.accounts.find(account.id))!;
    expect(await deps.passwords.verify(stored, new Sealed("another password"), { range: "a" })).toBe(true);
  });

  test("suspension, which resuming does not undo", async () => {
    const { deps, account, grants, session } = await worldWithAccount();
    expect(await suspendAccount(account.id, deps)).toEqual({ revokedGrants: 2 });
    expect(await session()).toBeUndefined();
    await resumeAccount(account.id, deps);
    expect(await grants()).toEqual(["account_suspended", "account_suspended", "active"]);
    expect(await deps.store.accounts.find(account.id)).toMatchObject({ suspendedAt: null });
  });

  test("resuming revokes a grant that was stored during the suspension", async () => {
    const { deps, account, grants } = await worldWithAccount();
    await suspendAccount(account.id, deps);
    await deps.store.grants.insert(exampleGrant({ id: exampleGrantId(9), owner: account.id }));
    await resumeAccount(account.id, deps);
    expect(await grants()).toEqual(["account_suspended", "account_suspended", "account_suspended", "active"]);
  });

  test("deletion, which may be repeated", async () => {
    const { deps, account, grants, session } = await worldWithAccount();
    expect(await deleteAccount(account.id, deps)).toEqual({ revokedGrants: 2 });
    expect(await deps.store.accounts.find(account.id)).toBeUndefined();
    expect(await session()).toBeUndefined();
    expect(await grants()).toEqual(["account_deleted", "account_deleted", "active"]);
    expect(await deleteAccount(account.id, deps)).toEqual({ revokedGrants: 0 });
  });
});
