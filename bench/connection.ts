import { connect, type Socket } from "node:net";

/** What one connection asks, answer by answer. It has at most one request under way. */
export interface Script {
  /** The next request, whole, in latin1. */
  next(): string;
  /** What is wrong with the answer to it; `undefined`: nothing. */
  complaint(status: number, body: string): string | undefined;
}

/** Room for one read. All connections share it: a read is taken apart before the next one happens. */
const room = Buffer.allocUnsafe(64 * 1024);

/**
 * A keep-alive client that costs less than the server it measures: it writes prepared text, and looks in the answer for
 * its status, its length and what the script wants to see. Answers have a Content-Length; anything else is a complaint.
 */
export class Connection {
  readonly #socket: Socket;
  readonly #script: Script;
  readonly #onAnswer: (micros: number) => void;
  readonly #onTrouble: (trouble: string) => void;
  #held = "";
  #sentAtMs = 0;
  #wanted: (() => void) | undefined;
  #isRunning = false;

  private constructor(port: number, script: Script, onAnswer: (micros: number) => void, onTrouble: (trouble: string) => void) {
    this.#script = script;
    this.#onAnswer = onAnswer;
    this.#onTrouble = onTrouble;
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
    this.#socket.on("error", (error) => this.#onTrouble(error.message));
    this.#socket.on("close", () => this.#isRunning && this.#onTrouble("the server closed the connection"));
  }

  static async open(port: number, script: Script, onAnswer: (micros: number) => void, onTrouble: (trouble: string) => void): Promise<Connection> {
    const connection = new Connection(port, script, onAnswer, onTrouble);
    await new Promise<void>((resolve, reject) => connection.#socket.once("connect", resolve).once("error", reject));
    return connection;
  }

  start(): void {
    this.#isRunning = true;
    this.#send();
  }

  /** Resolves when the request under way has its answer. */
  stop(): Promise<void> {
    return new Promise((resolve) => (this.#wanted = resolve));
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
    this.#sentAtMs = performance.now();
    this.#socket.write(this.#script.next(), "latin1");
  }

  #read(text: string): void {
    this.#held = this.#held === "" ? text : this.#held + text;
    const bodyAt = this.#held.indexOf("\r\n\r\n") + 4;
    if (bodyAt < 4) return;
    const length = contentLength(this.#held, bodyAt);
    if (length === undefined) return this.#onTrouble("an answer has no Content-Length");
    if (this.#held.length < bodyAt + length) return;
    if (this.#held.length > bodyAt + length) return this.#onTrouble("an answer is longer than its Content-Length");
    const complaint = this.#script.complaint(Number(this.#held.slice(9, 12)), this.#held.slice(bodyAt));
    if (complaint !== undefined) return this.#onTrouble(complaint);
    this.#held = "";
    this.#onAnswer((performance.now() - this.#sentAtMs) * 1000);
    this.#send();
  }
}

function contentLength(answer: string, bodyAt: number): number | undefined {
  const lower = answer.indexOf("\r\ncontent-length: ");
  const at = lower >= 0 ? lower : answer.indexOf("\r\nContent-Length: ");
  return at < 0 || at >= bodyAt ? undefined : Number.parseInt(answer.slice(at + 18, at + 30), 10);
}
