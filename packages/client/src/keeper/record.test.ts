import { describe, expect, test } from "vitest";
import { boundTo, keyPart, readRecord, replayWindowMs, type GrantRecord } from "./record.ts";
import { misfitOf } from "./shape.ts";

const record = {
  format: 1,
  id: "1",
  issuer: "https://provider.example",
  clientId: "app",
  version: 1,
  fence: 2,
  state: "active",
  class: { kind: "lazy" },
  clientGeneration: 1,
  current: "sealed",
  issuedAt: { wallMs: 1, offsetMs: 0 },
  boughtUnder: 1,
  streak: 0,
  evidence: [{ atMs: 1, version: 1, code: "timeout" }],
} satisfies GrantRecord;

const full = {
  ...record,
  subject: "anna",
  previous: "sealed",
  accessOnly: true,
  class: { kind: "grace", windowSeconds: 30, everySeconds: 1 },
  issuedAt: { wallMs: 1, offsetMs: 0, ageMs: 2 },
  lifetimeSeconds: 3600,
  refreshAfterMs: 1,
  scope: ["read"],
  adopted: ["digest"],
  subjectSeen: 3,
  forced: true,
  lease: { owner: "one", beat: 0, ms: 1 },
  intent: { startedAtMs: 1 },
  intentKey: "key",
  nextAttempt: { atMs: 1, waitMs: 1 },
  suspicion: { sinceMs: 1, dated: false, refusals: 1, generation: 1 },
  evidence: [{ atMs: 1, version: 1, code: "timeout", status: 500, description: "why" }],
  cause: "refused",
  endedAtMs: 1,
};

const read = (value: unknown, id: string | undefined = "1") => readRecord(id, JSON.stringify(value));
const failure = (value: unknown, id: string | undefined = "1"): unknown => {
  try {
    return read(value, id);
  } catch (error) {
    return error;
  }
};

/** Every part of the value, as a path: `class.kind`, `scope.0`. */
const pathsOf = (value: unknown): string[] =>
  typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([name, part]) => [name, ...pathsOf(part).map((path) => `${name}.${path}`)])
    : [];

/** A copy in which the part at `path` is of another kind. */
function broken(value: object, path: string): object {
  const copy = JSON.parse(JSON.stringify(value)) as Record<string, never>;
  const names = path.split(".");
  let at: Record<string, unknown> = copy;
  for (const name of names.slice(0, -1)) at = at[name] as Record<string, unknown>;
  const last = names.at(-1)!;
  at[last] = typeof at[last] === "string" ? 5 : "another kind";
  return copy;
}

describe("C-11: a record that is read", () => {
  test("is complete with and without its optional parts", () => {
    expect(read(record)).toEqual(record);
    expect(read(full)).toEqual(full);
    expect(readRecord(undefined, JSON.stringify(record))).toEqual(record);
  });

  test.each(pathsOf(full))("names %s where that is of another kind", (path) => {
    expect(failure(broken(full, path))).toMatchObject({ code: "unreadable", id: "1", field: path });
  });

  test.each(Object.keys(record))("needs %s", (name) => {
    expect(failure({ ...record, [name]: undefined })).toMatchObject({ code: "unreadable", field: name });
  });

  test("is not that of another id", () => {
    expect(failure(record, "2")).toMatchObject({ code: "unreadable", id: "2", field: "id" });
  });

  test.each([
    ["state", "asleep"],
    ["state", "active now"],
    ["class.kind", "eager"],
  ])("%s is not %s", (field, word) => {
    const changed = field === "state" ? { ...record, state: word } : { ...record, class: { kind: word } };
    expect(failure(changed)).toMatchObject({ code: "unreadable", field });
  });

  test("of a newer format says so", () => {
    expect((failure({ format: 2 }) as Error).message).toContain("written by a newer version");
    expect((failure({ format: 0.5 }) as Error).message).toContain("the record is damaged");
    for (const value of [null, "text", 5, []]) expect(failure(value)).toMatchObject({ code: "unreadable" });
  });
});

describe("the first part of a value that does not fit", () => {
  test.each<[unknown, Parameters<typeof misfitOf>[1], string | undefined]>([
    ["text", "", undefined],
    [5, "", ""],
    [null, {}, ""],
    [[], {}, ""],
    [{}, [""], ""],
    [8.64e15, 0, undefined],
    [-8.64e15, 0, undefined],
    [8.65e15, 0, ""],
    [-8.65e15, 0, ""],
    [NaN, 0, ""],
    ["b", /^[ab]$/, undefined],
    ["c", /^[ab]$/, ""],
    [5, /5/, ""],
    [["a", 5], [""], "1"],
    [{ a: { b: 5 } }, { a: { b: "" } }, "a.b"],
    [{ more: 1 }, {}, undefined],
    [{}, { "a?": "" }, undefined],
    [{ a: 5 }, { "a?": "" }, "a"],
    [{ a: null }, { "a?": "" }, "a"],
    [{}, { a: "" }, "a"],
    [() => "", () => "", undefined],
  ])("of %j for %j is %j", (value, shape, expected) => expect(misfitOf(value, shape)).toBe(expected));
});

describe("names in the store", () => {
  test("a key part keeps letters, digits, _ and -, and writes everything else as . and hexadecimal", () => {
    expect(keyPart("aZ09_-")).toBe("aZ09_-");
    expect(keyPart("a b/ü.")).toBe("a.2520b.252F.25C3.25BC.2e");
  });

  test("B4: a pair is bound to issuer, client, subject, id and version", () => {
    expect(boundTo(record, 3)).toBe('[1,"https://provider.example","app",null,"1",3]');
    expect(boundTo({ ...record, subject: "anna" }, 3)).toBe('[1,"https://provider.example","app","anna","1",3]');
  });

  test("B1: a replay window without a number has no end", () => {
    expect(replayWindowMs({ kind: "grace", windowSeconds: 30 })).toBe(30_000);
    expect(replayWindowMs({ kind: "lazy" })).toBe(Infinity);
  });
});
