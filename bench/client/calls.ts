import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createClient, generic, introspect, refresh, Sealed } from "@symbolon/client";
import { createKeeper, memoryStore, wrappingKey } from "@symbolon/client/keeper";
import { alternate, type Contender, type Row } from "./alternate.ts";

export type Size = { rounds: number; calls: number };

/**
 * What the client and the keeper add to a call, beside bare `fetch` to the same server, over a kept-alive connection.
 */
export async function measureCalls(size: Size): Promise<{ refresh: Row[]; introspect: Row[]; resource: Row[] }> {
  const provider = fork(join(import.meta.dirname, "provider-process.ts"));
  try {
    const [port] = (await once(provider, "message")) as [number];
    const base = `http://127.0.0.1:${port}`;
    return {
      refresh: await alternate(refreshing(base), size),
      introspect: await alternate(introspecting(base), size),
      resource: await alternate(await calling(base), size),
    };
  } finally {
    provider.disconnect();
  }
}

const authorization = `Basic ${btoa("client:secret")}`;

async function post(url: string, form: Record<string, string>): Promise<unknown> {
  const response = await fetch(url, {
    method: "POST",
    headers: { authorization, accept: "application/json" },
    body: new URLSearchParams(form),
  });
  return response.json();
}

const clientOf = (base: string) =>
  createClient(
    { ...generic, issuer: base, endpoints: { token: `${base}/token`, introspection: `${base}/introspect` } },
    { clientId: "client", clientSecret: "secret" },
  );

function refreshing(base: string): Contender[] {
  const client = clientOf(base);
  const refreshToken = "r".repeat(64);
  return [
    {
      name: "bare fetch",
      once: () => post(`${base}/token`, { grant_type: "refresh_token", refresh_token: refreshToken }),
    },
    { name: "`refresh`, a Result", once: () => refresh(client.application, { refreshToken }).then(isOk) },
    { name: "`client.refresh`", once: () => client.refresh({ refreshToken }) },
  ];
}

function introspecting(base: string): Contender[] {
  const client = clientOf(base);
  return [
    { name: "bare fetch", once: () => post(`${base}/introspect`, { token: "a".repeat(64) }) },
    {
      name: "`introspect`, a Result",
      once: () => introspect(client.application, { token: "a".repeat(64) }).then(isOk),
    },
    { name: "`client.introspect`", once: () => client.introspect({ token: "a".repeat(64) }) },
  ];
}

/** A call to a resource server with the grant's token. */
async function calling(base: string): Promise<Contender[]> {
  const keeper = createKeeper({
    providers: clientOf(base).keeperProvider(),
    store: memoryStore(),
    keys: { current: wrappingKey("bench", new Uint8Array(32)) },
  });
  const accessToken = "a".repeat(64);
  await keeper.adopt("grant", {
    accessToken: new Sealed(accessToken),
    refreshToken: new Sealed("r".repeat(64)),
    lifetimeSeconds: 86_400,
  });
  const kept = keeper.fetch("grant");
  const read = async (answer: Promise<Response>): Promise<unknown> => (await answer).json();
  return [
    {
      name: "bare fetch",
      once: () => read(fetch(`${base}/resource`, { headers: { authorization: `Bearer ${accessToken}` } })),
    },
    { name: "`keeper.fetch`", once: () => read(kept(`${base}/resource`)) },
  ];
}

function isOk({ ok }: { ok: boolean }): void {
  if (!ok) throw new Error("A call was refused; the numbers would mean nothing.");
}
