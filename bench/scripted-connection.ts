import { Connection } from "../proof/harness/connection.ts";

/** What one connection asks, answer by answer. It has at most one request under way. */
export interface Script {
  /** The next request, whole, in latin1; undefined when this round's requests are used up. */
  next(): string | undefined;
  /** What is wrong with the answer; undefined if nothing is. */
  complaint(status: number, body: string): string | undefined;
  /** After so many requests, each token in use has been asked about once. */
  cycle?: number;
  /** Called before each round. */
  begin?(): void;
}

export type Listener = { onAnswer(micros: number): void; onTrouble(trouble: string): void; onUsedUp(): void };

/** Sends the requests of a script one after the other over one connection, and times the answers. */
export class ScriptedConnection {
  readonly #connection: Connection;
  readonly #script: Script;
  readonly #listener: Listener;
  #onStopped: (() => void) | undefined;
  #isRunning = false;

  private constructor(port: number, script: Script, listener: Listener) {
    this.#script = script;
    this.#listener = listener;
    this.#connection = new Connection(port, {
      onEnd: (reason) => this.#isRunning && this.#listener.onTrouble(reason),
      onMalformed: (reason) => this.#listener.onTrouble(reason),
    });
  }

  static async open(port: number, script: Script, listener: Listener): Promise<ScriptedConnection> {
    const scripted = new ScriptedConnection(port, script, listener);
    await scripted.#connection.opened();
    return scripted;
  }

  start(): void {
    this.#script.begin?.();
    this.#isRunning = true;
    this.#send();
  }

  /** Resolves when the request under way has its answer. */
  stop(): Promise<void> {
    return new Promise((resolve) => (this.#isRunning ? (this.#onStopped = resolve) : resolve()));
  }

  close(): void {
    this.#isRunning = false;
    this.#connection.close();
  }

  #send(): void {
    if (this.#onStopped !== undefined) {
      this.#isRunning = false;
      return this.#onStopped();
    }
    const request = this.#script.next();
    if (request === undefined) {
      this.#isRunning = false;
      return this.#listener.onUsedUp();
    }
    const sentAtMs = performance.now();
    this.#connection.send(request, ({ status, body }) => {
      const complaint = this.#script.complaint(status, body);
      if (complaint !== undefined) return this.#listener.onTrouble(complaint);
      this.#listener.onAnswer((performance.now() - sentAtMs) * 1000);
      this.#send();
    });
  }
}
