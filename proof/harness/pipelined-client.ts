import { setTimeout as pause } from "node:timers/promises";
import { Connection, type Reply } from "./connection.ts";
import { stoodStill } from "./send.ts";

/** The connection ended before the answer came: what became of the request is unknown. */
export class ConnectionEnded extends Error {
  override readonly name = "ConnectionEnded";
}

type OnEnded = (error: ConnectionEnded) => void;

/** Pipelines requests over one connection. A malformed answer ends the process: no test may take it for a lost one. */
export class PipelinedClient {
  readonly #connection: Connection;
  readonly #waiting = new Set<OnEnded>();
  #hasEnded = false;
  #isClosing = false;

  constructor(port: number) {
    const onEnd = (): void => this.#end();
    const onMalformed = (reason: string): void => {
      throw new Error(reason);
    };
    this.#connection = new Connection(port, { onEnd, onMalformed }, { batchesWrites: true });
  }

  /** `request` is a whole request in latin1. Rejects with `ConnectionEnded` if no whole answer comes. */
  send(request: string): Promise<Reply> {
    return new Promise((resolve, reject) => {
      if (this.#hasEnded) return reject(new ConnectionEnded("The connection had ended."));
      this.#waiting.add(reject);
      this.#connection.send(request, (reply) => {
        this.#waiting.delete(reject);
        resolve(reply);
        if (this.#isClosing && this.#waiting.size === 0) this.close();
      });
    });
  }

  close(): void {
    this.#connection.close();
  }

  /** Closes once every answer that is due has come. The caller sends nothing more. */
  closeWhenIdle(): void {
    this.#isClosing = true;
    if (this.#waiting.size === 0) this.close();
  }

  #end(): void {
    this.#hasEnded = true;
    for (const reject of this.#waiting) reject(new ConnectionEnded("The connection ended before the answer."));
    this.#waiting.clear();
  }
}

/**
 * Several connections to one server, taken in turn. A request that a server which stood still has turned away is sent
 * again a second later; with `once` that answer is returned instead.
 */
export class ClientPool {
  readonly #clients: readonly PipelinedClient[];
  readonly #once: boolean;
  #next = 0;

  constructor(port: number, connections: number, { once = false } = {}) {
    this.#clients = Array.from({ length: connections }, () => new PipelinedClient(port));
    this.#once = once;
  }

  async send(request: string): Promise<Reply> {
    for (;;) {
      const reply = await this.#clients[this.#next++ % this.#clients.length]!.send(request);
      if (this.#once || !stoodStill(reply)) return reply;
      await pause(1000);
    }
  }

  close(): void {
    for (const client of this.#clients) client.close();
  }
}
