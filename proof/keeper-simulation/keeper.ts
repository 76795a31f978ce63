import { createKeeper, KeeperError, type Vault } from "@symbolon/client/keeper";
import { Sealed } from "@symbolon/protocol";
import type { Handed, RecordView, SubjectKind } from "./subject.ts";

/** Labels instead of sealing: the oracle reads the values, and no time goes into cryptography. */
const vault: Vault = {
  seal: async (text, bound) => JSON.stringify({ text, bound }),
  async open(sealed, bound) {
    const opened = JSON.parse(sealed) as { text: string; bound: string };
    if (opened.bound !== bound)
      throw new KeeperError("unreadable", { field: "seal", message: "damaged, or of another place" });
    return opened.text;
  },
  tag: async (text) => Buffer.from(text).toString("base64url").slice(-40),
  rekey: async () => undefined,
};

type Stored = {
  id: string;
  state: RecordView["state"];
  version: number;
  fence: number;
  current: string;
  intent?: object;
  lease?: { owner: string; beat: number; ms: number };
};

/** The keeper as it is, all of it but its cryptography. */
export const keeper: SubjectKind = {
  async open({ world, store, providers }) {
    const kept = createKeeper({ world, store, providers, keys: vault });
    return {
      adopt: (grant, issuer, { accessToken, refreshToken, lifetimeSeconds }) =>
        unlessStoreFails(
          kept
            .adopt(
              grant,
              { accessToken: new Sealed(accessToken), refreshToken: new Sealed(refreshToken), lifetimeSeconds },
              { issuer },
            )
            .then(() => true, unlessEnded),
        ).then((done) => done === true),
      async token(grant, ask = {}) {
        try {
          const { accessToken, volatile } = await kept.token(grant, ask);
          return { kind: "token", accessToken: accessToken.reveal(), isVolatile: volatile };
        } catch (error) {
          return refusalOf(error, ask.signal);
        }
      },
      revoke: async (grant) => ((await unlessStoreFails(kept.revoke(grant))) === "revoked" ? "revoked" : "unknown"),
      recover: () => unlessStoreFails(kept.recover()).then(() => undefined),
      sweep: () => unlessStoreFails(kept.sweep()).then(() => undefined),
      close: () => kept.close(),
    };
  },
  damagePair: (value) => JSON.stringify({ ...(JSON.parse(value) as Stored), current: "{}" }),
  read(key, value) {
    const record = key.startsWith("g.") ? parse(value) : undefined;
    if (record === undefined) return undefined;
    const { id, state, version, fence, current, intent, lease } = record;
    const { access } = JSON.parse((JSON.parse(current) as { text?: string }).text ?? "{}") as { access?: string };
    return {
      grant: id,
      state,
      version,
      fence,
      accessToken: access,
      hasIntent: intent !== undefined,
      owner: lease?.owner,
      beat: lease?.beat,
      leaseMs: lease?.ms,
    };
  },
};

/** A damaged record says nothing. */
function parse(value: string): Stored | undefined {
  try {
    return JSON.parse(value) as Stored;
  } catch {
    return undefined;
  }
}

/** The next time goes on with it. */
const unlessStoreFails = <T>(work: Promise<T>): Promise<T | undefined> =>
  work.catch((error: unknown) => {
    if (error instanceof KeeperError && (error.code === "store_unavailable" || error.code === "unreadable"))
      return undefined;
    throw error;
  });

/** It was stored, and has ended since. */
function unlessEnded(error: unknown): boolean {
  if (error instanceof KeeperError && error.code === "ended") return true;
  throw error;
}

function refusalOf(error: unknown, signal: AbortSignal | undefined): Handed {
  if (signal?.aborted === true && error === signal.reason) return { kind: "none", code: "aborted", retryAfterMs: 0 };
  if (!(error instanceof KeeperError)) throw error;
  return error.code === "ended"
    ? { kind: "ended" }
    : { kind: "none", code: error.code, retryAfterMs: error.retryAfterMs ?? 0 };
}
