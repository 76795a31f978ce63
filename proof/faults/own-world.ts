import { randomBytes } from "node:crypto";
import {
  buildServer,
  defaultLifetimes,
  gcraLimiter,
  hmacKeyring,
  memoryStore,
  secretSlot,
  standardLimits,
  type Clock,
  type Deps,
  type PasswordHasher,
  type ServerEvent,
  type Store,
} from "@symbolon/server";
import { Sealed, type AccountId, type ClientId, type EpochSeconds } from "@symbolon/protocol";
import { pages } from "@symbolon/portal";
import type { Tokens } from "../harness/client.ts";
import { offeredGrant, redirectUri, verifier } from "../harness/population.ts";
import { scopes } from "../harness/registration.ts";

/** A server in this process, whose clock the test sets and whose dependencies it breaks. */
export type OwnWorld = Awaited<ReturnType<typeof makeOwnWorld>>;
export type Reply = { status: number; json: Record<string, unknown> };

const issuer = "http://127.0.0.1:8787";
const plainHasher: PasswordHasher = {
  hash: async (_account, text) => text.reveal(),
  verify: async (account, text) => account?.passwordHash === text.reveal(),
};

/** `wrap` wraps the dependencies that the server gets. */
export async function makeOwnWorld(wrap: (deps: Deps) => Deps = (deps) => deps, store: Store = memoryStore()) {
  const wall = { offsetMs: 1_795_000_000_000, ranMs: 0 };
  const clock: Clock = { epochMs: () => wall.offsetMs + wall.ranMs, monotonicMs: () => wall.ranMs };
  const random = (length: number) => new Uint8Array(randomBytes(length));
  const keys = {
    format: 1 as const,
    keys: [{ id: 1, secret: randomBytes(32).toString("base64url"), createdAt: 0, activeFrom: 0 }],
    pepper: randomBytes(32).toString("base64url"),
  };
  const keyring = hmacKeyring(() => keys);
  const events: ServerEvent[] = [];
  const config = {
    issuer,
    hosts: [],
    scopes: { [scopes[0]!]: { title: "a" }, [scopes[1]!]: { title: "b" } },
    lifetimes: defaultLifetimes,
    tokenRequestsPerMinute: 1_000_000,
  };
  const secret = `sym_cs_${randomBytes(32).toString("base64url")}`;
  const [client, resourceServer] = [
    { id: "app_1" as ClientId, secret },
    { id: "rs_1" as ClientId, secret },
  ];
  const owner = "019a0000-0000-7000-9000-000000000001" as AccountId;
  await store.applications.insert({
    id: client.id,
    name: "A",
    type: "confidential",
    authMethod: "client_secret_basic",
    secrets: [secretSlot(keyring, client.id, new Sealed(secret), 0)],
    redirectUris: [redirectUri],
    scope: scopes,
    replay: { preset: "lazy" },
    accessTokenLifetimes: [],
    createdAt: 0,
    suspendedAt: null,
    version: 0,
  });
  await store.resourceServers.insert({
    id: resourceServer.id,
    name: "R",
    secrets: [secretSlot(keyring, resourceServer.id, new Sealed(secret), 0)],
    resource: null,
    createdAt: 0,
    version: 0,
  });
  await store.accounts.insert({
    id: owner,
    email: "ada@example.com",
    passwordHash: "x",
    resources: [],
    createdAt: 0,
    suspendedAt: null,
    version: 0,
  });
  const app = buildServer(
    wrap({
      config,
      store,
      keyring,
      clock,
      random,
      passwords: plainHasher,
      limiter: gcraLimiter(standardLimits(1_000_000), clock),
      emit: (event) => events.push(event),
    }),
    pages,
  );

  const now = (): EpochSeconds => Math.floor(clock.epochMs() / 1000);
  const post = async (url: string, who: typeof client, form: Record<string, string>): Promise<Reply> => {
    const headers = {
      host: "127.0.0.1:8787",
      "content-type": "application/x-www-form-urlencoded",
      authorization: `Basic ${Buffer.from(`${who.id}:${who.secret}`).toString("base64")}`,
    };
    const answer = await app.inject({ method: "POST", url, headers, payload: new URLSearchParams(form).toString() });
    return {
      status: answer.statusCode,
      json: answer.body === "" ? {} : (JSON.parse(answer.body) as Record<string, unknown>),
    };
  };
  return {
    store,
    keyring,
    events,
    now,
    /** Time passes. */
    run: (seconds: number) => void (wall.ranMs += seconds * 1000),
    /** Sets the wall clock; no time passes. */
    step: (seconds: number) => void (wall.offsetMs += seconds * 1000),
    async offerCode(): Promise<string> {
      const grant = offeredGrant(client, owner, now(), 60);
      await store.grants.insert(grant);
      return keyring.mint("code", { grantId: grant.id, generation: 0, issuedAt: now(), variant: 0 }, now()).reveal();
    },
    redeem: (code: string) =>
      post("/oauth/token", client, {
        grant_type: "authorization_code",
        code,
        code_verifier: verifier,
        redirect_uri: redirectUri,
      }),
    refresh: (token: string) => post("/oauth/token", client, { grant_type: "refresh_token", refresh_token: token }),
    revoke: (token: string) => post("/oauth/revoke", client, { token }),
    introspect: (token: string) => post("/oauth/introspect", resourceServer, { token }),
    owner,
    secret,
    client: client.id,
    credentialsAs: (id: string, as: string) =>
      post("/oauth/token", { id: id as ClientId, secret: as }, { grant_type: "client_credentials" }),
    credentials: () => post("/oauth/token", client, { grant_type: "client_credentials" }),
    health: async () =>
      (await app.inject({ method: "GET", url: "/health", headers: { host: "127.0.0.1:8787" } })).statusCode,
  };
}

export const tokensIn = ({ status, json }: Reply): Tokens => {
  if (status !== 200) throw new Error(`Expected tokens, got ${status} ${JSON.stringify(json)}`);
  return json as unknown as Tokens;
};
