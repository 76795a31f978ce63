import { connect, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { stoodStill } from "./send.ts";
import type { Credentials } from "./registration.ts";

/** `closes`: the server says that it takes no further request on this connection. */
export type Reply = { status: number; body: string; closes: boolean };

/** The connection ended before the answer came: what became of the request is unknown. */
export class LaneBroken extends Error {
  override readonly name = "LaneBroken";
}

type Waiting = { resolve: (reply: Reply) => void; reject: (error: Error) => void };

/**
 * One keep-alive connection on which requests are pipelined, and nothing else: what a load generator can afford that
 * shares two cores with the servers it loads. Requests of one turn leave in one packet.
 */
export class Lane {
  readonly #socket: Socket;
  readonly #waiting: Waiting[] = [];
  #received = "";
  #isBroken = false;
  #isCorked = false;
  #isClosing = false;

  constructor(port: number) {
    this.#socket = connect({ port, host: "127.0.0.1", noDelay: true });
    this.#socket.setEncoding("latin1");
    this.#socket.on("data", (text: string) => this.#read(text));
    this.#socket.on("error", () => this.#break());
    this.#socket.on("close", () => this.#break());
  }

  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** `request` is the whole text of a request. Rejects with `LaneBroken` where no whole answer comes. */
  send(request: string): Promise<Reply> {
    return new Promise((resolve, reject) => {
      if (this.#isBroken) return reject(new LaneBroken("The connection had ended."));
      this.#waiting.push({ resolve, reject });
      this.#cork();
      this.#socket.write(request, "latin1");
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  /** Once every answer that is due has come. The caller sends nothing more. */
  closeWhenIdle(): void {
    this.#isClosing = true;
    if (this.#waiting.length === 0) this.close();
  }

  #cork(): void {
    if (this.#isCorked) return;
    this.#isCorked = true;
    this.#socket.cork();
    setImmediate(() => {
      this.#isCorked = false;
      this.#socket.uncork();
    });
  }

  #read(text: string): void {
    this.#received = this.#received === "" ? text : this.#received + text;
    for (let from = 0; ;) {
      const headEnd = this.#received.indexOf("\r\n\r\n", from);
      if (headEnd < 0) return void (this.#received = this.#received.slice(from));
      const head = this.#received.slice(from, headEnd + 2);
      const length = Number(/\r\ncontent-length: (\d+)\r\n/i.exec(head)?.[1] ?? Number.NaN);
      if (!Number.isInteger(length)) throw new Error(`An answer without a length: ${head}`);
      const end = headEnd + 4 + length;
      if (this.#received.length < end) return void (this.#received = this.#received.slice(from));
      const body = this.#received.slice(headEnd + 4, end);
      this.#waiting
        .shift()
        ?.resolve({ status: Number(head.slice(9, 12)), body, closes: /\r\nconnection: close\r\n/i.test(head) });
      from = end;
      if (this.#isClosing && this.#waiting.length === 0) this.close();
    }
  }

  #break(): void {
    this.#isBroken = true;
    for (const { reject } of this.#waiting.splice(0)) reject(new LaneBroken("The connection ended before the answer."));
  }
}

/**
 * Several lanes to one server, taken in turn. One that stood still is asked once more a second later; `once` shows that
 * answer too.
 */
export class Lanes {
  readonly #lanes: readonly Lane[];
  readonly #once: boolean;
  #next = 0;

  constructor(port: number, count: number, { once = false } = {}) {
    this.#lanes = Array.from({ length: count }, () => new Lane(port));
    this.#once = once;
  }

  async send(request: string): Promise<Reply> {
    for (;;) {
      const reply = await this.#lanes[this.#next++ % this.#lanes.length]!.send(request);
      if (this.#once || !stoodStill(reply)) return reply;
      await pause(1000);
    }
  }

  close(): void {
    for (const lane of this.#lanes) lane.close();
  }
}

/** The text of a form posted by somebody who authenticates by Basic. Values must need no escaping, as tokens do not. */
export function formPost(port: number, path: string, { id, secret }: Credentials, form: string): string {
  const basic = Buffer.from(`${id}:${secret}`).toString("base64");
  const head = [
    `POST ${path} HTTP/1.1`,
    `host: 127.0.0.1:${port}`,
    `authorization: Basic ${basic}`,
    "content-type: application/x-www-form-urlencoded",
    `content-length: ${form.length}`,
  ];
  return `${head.join("\r\n")}\r\n\r\n${form}`;
}
