import { afterEach, beforeEach, expect, test } from "vitest";
import type { Reply } from "../harness/connection.ts";
import { ConnectionEnded, PipelinedClient } from "../harness/pipelined-client.ts";
import { refreshRequest } from "../harness/requests.ts";
import type { Tokens } from "../harness/client.ts";
import type { ServerProcess } from "../harness/server.ts";
import { setFaultStage, type FaultStage } from "./stage.ts";

let stage: FaultStage;
beforeEach(async () => {
  stage = await setFaultStage();
});
afterEach(() => stage.close());

const closes = ({ head }: Reply): boolean => /\r\nconnection: close\r\n/i.test(head);

/**
 * Behaves like the upstream connection of a proxy: one request at a time, a new connection after Connection: close, and
 * the next server when one accepts no connection.
 */
class ProxyConnection {
  readonly #servers: ServerProcess[];
  #client: PipelinedClient | undefined;

  constructor(servers: readonly ServerProcess[]) {
    this.#servers = [...servers];
  }

  async send(requestTo: (port: number) => string): Promise<{ status: number; body: string }> {
    const server = this.#servers[0]!;
    this.#client ??= new PipelinedClient(server.port);
    const reply = await this.#client.send(requestTo(server.port));
    if (closes(reply)) {
      this.#client.close();
      this.#client = undefined;
      if (this.#servers.length > 1) this.#servers.shift();
    }
    return reply;
  }

  close(): void {
    this.#client?.close();
  }
}

const connections = 24;
const rounds = 3;

test("R-27: SIGTERM under load fails no request behind a proxy that keeps connections and follows Connection: close", async () => {
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
        const reply = await connection
          .send((port) => refreshRequest(port, stage.credentials, tokens.refresh_token))
          .catch((error: unknown) => {
            if (error instanceof ConnectionEnded) return undefined;
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
}, 180_000);
