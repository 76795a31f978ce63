import type { DatabaseSync } from "node:sqlite";
import { setImmediate as nextTurn } from "node:timers/promises";
import { grantIdFromBytes } from "@symbolon/protocol";
import { type Grant, isClientCredentialsGrant } from "@symbolon/server";
import { connectReadOnly } from "./connection.ts";
import { isStorageFault } from "./faults.ts";
import { pragma } from "./migrate.ts";
import { decodeGrant, type GrantColumns } from "./rows.ts";
import { migrations } from "./schema.ts";
import { findOtherShapes } from "./shape.ts";

export type Verification = {
  /** The problems found, for an operator; empty if there are none. Names grants by id; holds no secret. */
  findings: string[];
  counts: Record<Grant["state"], number>;
};

const rowsPerTurn = 500;
const maximumFindings = 100;

/**
 * Reads the whole database through its own connection. `quick` skips the comparison of indexes and tables, which takes
 * ten times as long as the rest.
 */
export async function verify(path: string, quick: boolean): Promise<Verification> {
  const findings: string[] = [];
  const counts = { offered: 0, active: 0, revoked: 0 };
  const database = connectReadOnly(path);
  try {
    findings.push(...checkFile(database, quick), ...checkSchema(database));
    for await (const row of grantRows(database)) {
      const grant = decodeOrFind(row, findings);
      if (grant === undefined) continue;
      counts[grant.state]++;
      findings.push(...broken(grant).map((rule) => `grant ${grant.id}: ${rule}`));
      if (findings.length >= maximumFindings) break;
    }
  } catch (error) {
    if (!isStorageFault(error)) throw error;
    findings.push(`file: cannot be read on: ${(error as Error).message}`);
  } finally {
    database.close();
  }
  return { findings: findings.slice(0, maximumFindings), counts };
}

function checkFile(database: DatabaseSync, quick: boolean): string[] {
  const check = database.prepare(quick ? "PRAGMA quick_check(20)" : "PRAGMA integrity_check(20)");
  const found = check.all().map((row) => String(Object.values(row)[0]));
  return found.filter((line) => line !== "ok").map((line) => `file: ${line}`);
}

function checkSchema(database: DatabaseSync): string[] {
  const version = Number(pragma(database, "user_version"));
  const otherVersion = version === migrations.length ? [] : [`file: schema ${version}, expected ${migrations.length}`];
  return [...otherVersion, ...findOtherShapes(database, migrations).map(({ finding }) => finding)];
}

/** In short turns, so that a server that verifies keeps answering. */
async function* grantRows(database: DatabaseSync): AsyncGenerator<GrantColumns> {
  const next = database.prepare("SELECT * FROM grants WHERE id > ? ORDER BY id LIMIT ?");
  next.setReturnArrays(true);
  for (let after = new Uint8Array(0); ;) {
    const rows = next.all(after, rowsPerTurn) as unknown as GrantColumns[];
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < rowsPerTurn) return;
    after = new Uint8Array(last[0]);
    await nextTurn();
  }
}

function decodeOrFind(row: GrantColumns, findings: string[]): Grant | undefined {
  try {
    return decodeGrant(row);
  } catch {
    findings.push(`grant ${grantIdFromBytes(row[0])}: does not decode`);
    return undefined;
  }
}

/**
 * Returns the rules that a grant breaks. Every grant that the protocol can produce keeps all of them (grants/grant.ts).
 */
export function broken(grant: Grant): string[] {
  const rules: Record<string, boolean> = {
    "an offered grant has an offer": grant.state !== "offered" || grant.offer !== null,
    "an offered grant has no generation": grant.state !== "offered" || grant.generation === 0,
    "an active grant has no offer": grant.state !== "active" || grant.offer === null,
    "an active grant has a generation":
      grant.state !== "active" || isClientCredentialsGrant(grant) || grant.generation >= 1,
    "a client-credentials grant has no generation": !isClientCredentialsGrant(grant) || grant.generation === 0,
    "a revoked grant says when": (grant.state === "revoked") === (grant.revokedAt !== null),
    "a revoked grant says why": (grant.state === "revoked") === (grant.revokedBecause !== null),
    "the idle end is not after the absolute end": grant.idleExpiresAt <= grant.expiresAt,
    "numbers are whole and not negative": [
      grant.generation,
      grant.replays,
      grant.version,
      grant.expiresAt,
      grant.idleExpiresAt,
    ].every((number) => Number.isSafeInteger(number) && number >= 0),
  };
  return Object.keys(rules).filter((rule) => rules[rule] === false);
}
