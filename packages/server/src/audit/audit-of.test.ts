import { expect, test } from "vitest";
import { makeWorld } from "../../test/world.ts";
import { auditOf, type AuditedChange } from "./audit-of.ts";
import { lineOf } from "./chain.ts";

const world = await makeWorld();
const by = { kind: "command", id: "ann" } as const;
const lineAbout = (change: Omit<AuditedChange, "by" | "operation" | "target">) =>
  lineOf(auditOf({ by, operation: "application.update", target: "app_one", ...change }, world.deps));

test("an audit line has who, what, when, and the members that differ", () => {
  const before = { id: "app_one", name: "Old", scope: ["read"], version: 1 };
  expect(lineAbout({ before, after: { ...before, name: "New", scope: ["read"], version: 2 } })).toEqual({
    at: world.now(),
    by,
    operation: "application.update",
    target: "app_one",
    before: { name: "Old" },
    after: { name: "New" },
  });
});
test("the line of a new row has all members, that of a removed one too", () => {
  const row = { id: "app_one", name: "Acme", suspendedAt: null, version: 0 };
  expect(lineAbout({ after: row })).toMatchObject({ before: null, after: { name: "Acme", suspendedAt: null } });
  expect(lineAbout({ before: row })).toMatchObject({ before: { name: "Acme", suspendedAt: null }, after: null });
});
test("secrets, passwords and e-mail addresses are not in it, only that they changed", () => {
  const before = { secrets: [{ digest: new Uint8Array([1, 2, 3]), createdAt: 5 }], passwordHash: "$a", email: "a@b.c" };
  const after = { secrets: [...before.secrets, ...before.secrets], passwordHash: "$b", email: "d@e.f" };
  const line = lineAbout({ before, after });
  expect(line.before).toEqual({ secrets: "1 not shown", passwordHash: "not shown", email: "not shown" });
  expect(line.after).toEqual({ secrets: "2 not shown", passwordHash: "not shown", email: "not shown" });
});
