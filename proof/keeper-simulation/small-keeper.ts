import { Sealed } from "@symbolon/protocol";
import type { KeeperProvider } from "@symbolon/client/keeper";
import type { Handed, Pair, Ports, RecordView, Subject, SubjectKind } from "./subject.ts";

/** What it does wrong, on purpose. */
export type Flaw = "refreshes without a lease" | "uses before it persists";

type Record = {
  grant: string;
  issuer: string;
  state: RecordView["state"];
  version: number;
  fence: number;
  access: string;
  refresh: string;
  issuedAtMs: number;
  lifetimeMs: number;
  lease?: { owner: string };
  hasIntent: boolean;
};

const leaseMs = 30_000;
const shared = "grant-";

/**
 * A keeper in its plainest form, good enough where clocks are right, processes live and nothing is lost. With one flaw
 * it is what people write who have not read refresh-tokens.md: the simulation has to notice.
 */
export const smallKeeper = (flaw?: Flaw): SubjectKind => ({
  open: async (ports) => new SmallKeeper(ports, flaw),
  read(key, value) {
    const { lease, ...record } = JSON.parse(value) as Record;
    return key.startsWith(shared) ? { ...record, accessToken: record.access, owner: lease?.owner } : undefined;
  },
});

class SmallKeeper implements Subject {
  readonly #ports: Ports;
  readonly #flaw: Flaw | undefined;
  readonly #flights = new Map<string, Promise<Handed>>();
  readonly #seen = new Map<string, { revision: number; atMs: number }>();

  constructor(ports: Ports, flaw: Flaw | undefined) {
    this.#ports = ports;
    this.#flaw = flaw;
  }

  async adopt(grant: string, issuer: string, { accessToken, refreshToken, lifetimeSeconds }: Pair): Promise<boolean> {
    const record: Record = {
      grant,
      issuer,
      state: "active",
      version: 1,
      fence: 0,
      access: accessToken,
      refresh: refreshToken,
      issuedAtMs: this.#ports.world.epochMs(),
      lifetimeMs: lifetimeSeconds * 1000,
      hasIntent: false,
    };
    return (await this.#ports.store.write(shared + grant, 0, JSON.stringify(record))) !== undefined;
  }

  token(grant: string, { rejected }: { rejected?: string } = {}): Promise<Handed> {
    const flight = this.#flights.get(grant) ?? this.#obtain(grant, rejected).finally(() => this.#flights.delete(grant));
    this.#flights.set(grant, flight);
    return flight;
  }

  async revoke(): Promise<"unknown"> {
    return "unknown";
  }

  async recover(): Promise<void> {}

  async sweep(): Promise<void> {}

  async close(): Promise<void> {}

  async #obtain(grant: string, rejected: string | undefined): Promise<Handed> {
    const { world, store, name } = this.#ports;
    for (let tries = 0; tries < 400; tries++) {
      const { value, revision } = (await store.read(shared + grant))!;
      const record = JSON.parse(value) as Record;
      if (record.state === "dead") return { kind: "ended" };
      if (rejected !== record.access && world.epochMs() - record.issuedAtMs < record.lifetimeMs * 0.85)
        return { kind: "token", accessToken: record.access, isVolatile: false };
      if (
        this.#flaw !== "refreshes without a lease" &&
        record.lease !== undefined &&
        this.#unchangedMs(grant, revision) < leaseMs
      ) {
        await world.sleep(200);
        continue;
      }
      const leased: Record = {
        ...record,
        state: "refreshing",
        fence: record.fence + 1,
        lease: { owner: name },
        hasIntent: true,
      };
      const taken = await store.write(shared + grant, revision, JSON.stringify(leased));
      if (taken === undefined) continue;
      if (record.hasIntent) await world.sleep(500);
      return await this.#refresh(leased, taken);
    }
    return { kind: "none", code: "unavailable", retryAfterMs: 1000 };
  }

  async #refresh({ lease: _lease, ...record }: Record, revision: number): Promise<Handed> {
    const { store, world, providers } = this.#ports;
    const issuedAtMs = world.epochMs();
    const outcome = await portOf(providers, record.issuer).refresh({
      refreshToken: new Sealed(record.refresh),
      signal: new AbortController().signal,
    });
    const rest: Record = { ...record, state: "active", hasIntent: false };
    const write = (next: Record): Promise<number | undefined> =>
      store.write(shared + record.grant, revision, JSON.stringify(next));
    if (outcome.kind === "refused") {
      await write({ ...rest, state: "dead" });
      return { kind: "ended" };
    }
    if (outcome.kind !== "tokens") {
      await write(rest);
      return { kind: "none", code: outcome.code, retryAfterMs: 1000 };
    }
    const { accessToken, refreshToken } = outcome.tokens;
    const written = write({
      ...rest,
      version: record.version + 1,
      access: accessToken.reveal(),
      refresh: refreshToken?.reveal() ?? record.refresh,
      issuedAtMs,
    });
    if (this.#flaw !== "uses before it persists") await written;
    return { kind: "token", accessToken: accessToken.reveal(), isVolatile: false };
  }

  #unchangedMs(grant: string, revision: number): number {
    const nowMs = this.#ports.world.monotonicMs();
    const seen = this.#seen.get(grant);
    if (seen?.revision === revision) return nowMs - seen.atMs;
    this.#seen.set(grant, { revision, atMs: nowMs });
    return 0;
  }
}

const portOf = (providers: readonly KeeperProvider[], issuer: string): KeeperProvider =>
  providers.find((provider) => provider.issuer === issuer)!;
