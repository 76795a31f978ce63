/** Runs the tasks of one key one after another, in the order in which they were given. */
export class SingleFlight<Result> {
  readonly #running = new Map<string, Promise<Result>>();

  /** The latest task of `key` that has not ended. */
  running(key: string): Promise<Result> | undefined {
    return this.#running.get(key);
  }

  /** How many keys have a task that has not ended. */
  get size(): number {
    return this.#running.size;
  }

  /** Runs `task` once the earlier tasks of `key` have ended, whether they failed or not. */
  run<T extends Result>(key: string, task: () => Promise<T>): Promise<T> {
    const earlier = this.#running.get(key);
    const running = (earlier?.then(task, task) ?? task()).finally(() => {
      if (this.#running.get(key) === running) this.#running.delete(key);
    });
    this.#running.set(key, running);
    return running;
  }

  /** Resolves when every task that was given until now has ended. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#running.values());
  }
}
