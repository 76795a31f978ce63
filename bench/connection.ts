import { connect, type Socket } from "node:net";

/** What one connection asks, answer by answer. It has at most one request under way. */
export interface Script {
  /** The next request, whole, in latin1; `undefined`: this round's are used up. */
  next(): string | undefined;
  /** What is wrong with the answer to it; `undefined`: nothing. */
  complaint(status: number, body: string): string | undefined;
  /** So many requests, and each token in use was asked about once. */
  cycle?: number;
  /** Told before each round. */
  begin?(): void;
}

export type Listener = { onAnswer(micros: number): void; onTrouble(trouble: string): void; onUsedUp(): void };

const lastChunk = "\r\n0\r\n\r\n";

/** Room for one read. All connections share it: a read is taken apart before the next one happens. */
const room = Buffer.allocUnsafe(64 * 1024);

/**
 * A keep-alive client that costs less than the server it measures: it writes prepared text, and looks in the answer for
 * its status, its length and what the script wants to see. Answers have a Content-Length or come in chunks, whose marks
 * the script then sees in the body; anything else is a complaint.
 */
export class Connection {
  readonly #socket: Socket;
  readonly #script: Script;
  readonly #listener: Listener;
  #held = "";
  /** Of the answer under way, once its head is there. */
  #bodyAt = 0;
  #end = 0;
  #isChunked = false;
  #sentAtMs = 0;
  #wanted: (() => void) | undefined;
  #isRunning = false;

  private constructor(port: number, script: Script, listener: Listener) {
    this.#script = script;
    this.#listener = listener;
    this.#socket = connect({
      host: "127.0.0.1",
      port,
      noDelay: true,
      onread: {
        buffer: room,
        callback: (length) => {
          this.#read(room.toString("latin1", 0, length));
          return true;
        },
      },
    });
    this.#socket.on("error", (error) => this.#listener.onTrouble(error.message));
    this.#socket.on("close", () => this.#isRunning && this.#listener.onTrouble("the server closed the connection"));
  }

  static async open(port: number, script: Script, listener: Listener): Promise<Connection> {
    const connection = new Connection(port, script, listener);
    await new Promise<void>((resolve, reject) => connection.#socket.once("connect", resolve).once("error", reject));
    return connection;
  }

  start(): void {
    this.#script.begin?.();
    this.#isRunning = true;
    this.#send();
  }

  /** Resolves when the request under way has its answer. */
  stop(): Promise<void> {
    return new Promise((resolve) => (this.#isRunning ? (this.#wanted = resolve) : resolve()));
  }

  close(): void {
    this.#isRunning = false;
    this.#socket.destroy();
  }

  #send(): void {
    if (this.#wanted !== undefined) {
      this.#isRunning = false;
      return this.#wanted();
    }
    const request = this.#script.next();
    if (request === undefined) {
      this.#isRunning = false;
      return this.#listener.onUsedUp();
    }
    this.#sentAtMs = performance.now();
    this.#socket.write(request, "latin1");
  }

  #read(text: string): void {
    this.#held = this.#held === "" ? text : this.#held + text;
    if (this.#end === 0 && !this.#readHead()) return;
    if (this.#isChunked && this.#held.endsWith(lastChunk)) this.#end = this.#held.length;
    if (this.#held.length < this.#end) return;
    if (this.#held.length > this.#end) return this.#listener.onTrouble("an answer is longer than its Content-Length");
    const answer = this.#held;
    const complaint = this.#script.complaint(Number(answer.slice(9, 12)), answer.slice(this.#bodyAt));
    if (complaint !== undefined) return this.#listener.onTrouble(complaint);
    this.#held = "";
    this.#end = 0;
    this.#listener.onAnswer((performance.now() - this.#sentAtMs) * 1000);
    this.#send();
  }

  /** Answers whether the head is whole and sound. */
  #readHead(): boolean {
    this.#bodyAt = this.#held.indexOf("\r\n\r\n") + 4;
    if (this.#bodyAt < 4) return false;
    const length = contentLength(this.#held, this.#bodyAt);
    this.#isChunked =
      length === undefined &&
      this.#held.slice(0, this.#bodyAt).toLowerCase().includes("\r\ntransfer-encoding: chunked\r\n");
    if (length === undefined && !this.#isChunked) {
      this.#listener.onTrouble("an answer has no Content-Length");
      return false;
    }
    this.#end = length === undefined ? Infinity : this.#bodyAt + length;
    return true;
  }
}

function contentLength(answer: string, bodyAt: number): number | undefined {
  const lower = answer.indexOf("\r\ncontent-length: ");
  const at = lower >= 0 ? lower : answer.indexOf("\r\nContent-Length: ");
  return at < 0 || at >= bodyAt ? undefined : Number.parseInt(answer.slice(at + 18, at + 30), 10);
}
