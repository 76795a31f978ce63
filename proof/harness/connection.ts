import { connect, type Socket } from "node:net";

/** An answer as it came: the status line and the headers, and the body, in which the marks of chunks remain. */
export type Reply = { status: number; head: string; body: string };

export type ConnectionEvents = {
  /** The connection failed, or one side closed it. */
  onEnd(reason: string): void;
  /** The server sent what is no answer to a request. Nothing more is read. */
  onMalformed(reason: string): void;
};

type OnReply = (reply: Reply) => void;

const lastChunk = "\r\n0\r\n\r\n";

/** Room for one read. All connections share it: a read becomes text before the next one happens. */
const room = Buffer.allocUnsafe(64 * 1024);

/**
 * The HTTP/1.1 client of every load generator: one keep-alive connection to 127.0.0.1. It costs less than the servers
 * that it shares a machine with: requests are prepared text, and of an answer only the status and the length are read.
 * Requests may be pipelined; with `batchesWrites`, those of one turn leave in one packet.
 */
export class Connection {
  readonly #socket: Socket;
  readonly #events: ConnectionEvents;
  readonly #waiting: OnReply[] = [];
  #received = "";
  readonly #batchesWrites: boolean;
  #isCorked = false;
  #isMalformed = false;

  constructor(port: number, events: ConnectionEvents, { batchesWrites = false } = {}) {
    this.#events = events;
    this.#batchesWrites = batchesWrites;
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
    this.#socket.on("error", (error) => this.#events.onEnd(error.message));
    this.#socket.on("close", () => this.#events.onEnd("the connection was closed"));
  }

  /** Resolves once the connection is open; rejects if it cannot be opened. */
  opened(): Promise<void> {
    return new Promise((resolve, reject) => this.#socket.once("connect", resolve).once("error", reject));
  }

  /** `request` is a whole request in latin1. Answers come in the order of the requests. */
  send(request: string, onReply: OnReply): void {
    this.#waiting.push(onReply);
    if (this.#batchesWrites) this.#cork();
    this.#socket.write(request, "latin1");
  }

  /** Requests without an answer. */
  get underWay(): number {
    return this.#waiting.length;
  }

  close(): void {
    this.#socket.destroy();
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
    if (this.#isMalformed) return;
    this.#received = this.#received === "" ? text : this.#received + text;
    while (this.#received !== "") {
      const headEnd = this.#received.indexOf("\r\n\r\n");
      if (headEnd < 0) return;
      const head = this.#received.slice(0, headEnd + 2);
      const end = this.#endOfAnswer(head, headEnd + 4);
      if (end === undefined || this.#received.length < end) return;
      const isLast = this.#waiting.length <= 1;
      if (isLast && this.#received.length > end) return this.#fail("an answer is longer than its Content-Length");
      const onReply = this.#waiting.shift();
      if (onReply === undefined) return this.#fail("an answer came without a request");
      const body = this.#received.slice(headEnd + 4, end);
      this.#received = this.#received.slice(end);
      onReply({ status: Number(head.slice(9, 12)), head, body });
    }
  }

  /** Where the answer ends in what was received; undefined if that is not known yet, or never will be. */
  #endOfAnswer(head: string, bodyStart: number): number | undefined {
    const length = contentLength(head);
    if (length !== undefined) return bodyStart + length;
    if (!head.toLowerCase().includes("\r\ntransfer-encoding: chunked\r\n")) {
      this.#fail("an answer has no Content-Length");
      return undefined;
    }
    const last = this.#received.indexOf(lastChunk, bodyStart);
    return last < 0 ? undefined : last + lastChunk.length;
  }

  #fail(reason: string): void {
    this.#isMalformed = true;
    this.#events.onMalformed(reason);
  }
}

function contentLength(head: string): number | undefined {
  const lower = head.indexOf("\r\ncontent-length: ");
  const at = lower >= 0 ? lower : head.indexOf("\r\nContent-Length: ");
  return at < 0 ? undefined : Number.parseInt(head.slice(at + 18, at + 30), 10);
}
