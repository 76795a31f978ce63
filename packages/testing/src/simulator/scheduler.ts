type Task = { at: number; order: number; run: () => void };

/**
 * Virtual time. Every wait is an event in this queue; the next event starts only when everything that the one before
 * started has settled. So a run is a function of its seed alone.
 */
export class Scheduler {
  nowMs = 0;
  #heap: Task[] = [];
  #count = 0;
  #isStopped = false;

  after(delayMs: number, run: () => void): void {
    const task = { at: this.nowMs + delayMs, order: this.#count++, run };
    let at = this.#heap.push(task) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(task, this.#heap[parent]!)) break;
      this.#heap[at] = this.#heap[parent]!;
      at = parent;
    }
    this.#heap[at] = task;
  }

  sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => this.after(delayMs, resolve));
  }

  /** Drops all events that are still to come. */
  stop(): void {
    this.#isStopped = true;
  }

  /** Resolves when no event is left. */
  run(): Promise<void> {
    return new Promise((resolve) => {
      const turn = (): void => {
        const task = this.#isStopped ? undefined : this.#take();
        if (task === undefined) return resolve();
        this.nowMs = task.at;
        task.run();
        // A tick comes after all microtasks, also those that they queue themselves; a task of the event loop would cost
        // more.
        queueMicrotask(() => process.nextTick(turn));
      };
      process.nextTick(turn);
    });
  }

  #take(): Task | undefined {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (first === undefined || last === undefined || first === last) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.#heap.length) break;
      if (child + 1 < this.#heap.length && isBefore(this.#heap[child + 1]!, this.#heap[child]!)) child++;
      if (!isBefore(this.#heap[child]!, last)) break;
      this.#heap[at] = this.#heap[child]!;
      at = child;
    }
    this.#heap[at] = last;
    return first;
  }
}

const isBefore = (one: Task, other: Task): boolean =>
  one.at < other.at || (one.at === other.at && one.order < other.order);
