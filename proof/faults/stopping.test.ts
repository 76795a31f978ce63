import { afterEach, beforeEach, expect, test } from "vitest";
import { LaneBroken, Lane, formPost } from "../harness/lane.ts";
import type { Tokens } from "../harness/client.ts";
import type { ServerProcess } from "../harness/server.ts";
import { setFaultStage, type FaultStage } from "./stage.ts";

let stage: FaultStage;
beforeEach(async () => {
  stage = await setFaultStage();
});
afterEach(() => stage.close());

/**
 * As a proxy keeps a connection to a server: one request at a time, a new connection when the server says that it
 * closes this one, and the next server when one no longer takes any.
 */
class ProxyConnection {
  readonly #servers: ServerProcess[];
  #lane: Lane | undefined;

  constructor(servers: readonly ServerProcess[]) {
    this.#servers = [...servers];
  }

  async send(requestTo: (port: number) => string): Promise<{ status: number; body: string }> {
    const server = this.#servers[0]!;
    this.#lane ??= new Lane(server.port);
    const reply = await this.#lane.send(requestTo(server.port));
    if (reply.closes) {
      this.#lane.close();
      this.#lane = undefined;
      if (this.#servers.length > 1) this.#servers.shift();
    }
    return reply;
  }

  close(): void {
    this.#lane?.close();
  }
}

const connections = 24;
const rounds = 3;

test("R-27: SIGTERM under load: no request fails behind a proxy that keeps connections and obeys Connection: close", async () => {
  for (let round = 0; round < rounds; round++) {
    const leaving = await stage.start({ quiet: true });
    const staying = await stage.start({ quiet: true, issuer: leaving.issuer });
    const held = await stage.grants(connections);
    const failures: string[] = [];
    let answered = 0;
    let isOver = false;
    let whenBusy = (): void => {};
    const busy = new Promise<void>((resolve) => (whenBusy = resolve));
    const load = held.map(async (tokens) => {
      const connection = new ProxyConnection([leaving, staying]);
      while (!isOver) {
        const form = `grant_type=refresh_token&refresh_token=${tokens.refresh_token}`;
        const reply = await connection
          .send((port) => formPost(port, "/oauth/token", stage.credentials, form))
          .catch((error: unknown) => {
            if (error instanceof LaneBroken) return undefined;
            throw error;
          });
        if (reply?.status !== 200)
          return void failures.push(reply === undefined ? "reset" : `${reply.status} ${reply.body}`);
        Object.assign(tokens, JSON.parse(reply.body) as Tokens);
        if (++answered === 20 * connections) whenBusy();
      }
      connection.close();
    });
    await busy;
    expect(await leaving.stop()).toBe(0);
    isOver = true;
    await Promise.all(load);
    expect(failures).toEqual([]);
    expect(await staying.stop()).toBe(0);
  }
}, 60_000);
