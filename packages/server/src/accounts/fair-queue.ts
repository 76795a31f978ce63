import type { AccountId } from "@symbolon/protocol";

/**
 * Whose turn an attempt takes: an account's, from a device that it knows, or a range's of the network. Not a device's:
 * the owner of an account can make any number of them known.
 */
export type Origin = { account: AccountId } | { range: string };

export type QueueLimits = {
  /** How many run at the same time. */
  atOnce: number;
  /** How many of known devices wait in all, and how many others. */
  waiting: number;
  /** How many of one origin wait. */
  waitingPerOrigin: number;
};

/** Ends the turn that `enter` gave. */
type Leave = () => void;

/**
 * A bounded queue in which origins take turns, so that a flood from one does not keep the others out (OP-05, OP-14).
 * Known devices have a lane of their own, which gets every second turn: a flood from many networks does not fill it.
 * The function waits for a turn; it resolves to `undefined` if there is no place.
 */
export function fairQueue({ atOnce, ...limits }: QueueLimits): (origin: Origin) => Promise<Leave | undefined> {
  let running = 0;
  const lanes = { known: new Lane(limits), other: new Lane(limits) };
  let isTurnOfKnown = true;

  const leave = (): void => {
    isTurnOfKnown = !isTurnOfKnown;
    const { known, other } = lanes;
    const proceed = isTurnOfKnown ? (known.next() ?? other.next()) : (other.next() ?? known.next());
    if (proceed === undefined) running--;
    else proceed(leave);
  };
  return async (origin) => {
    if (running < atOnce) {
      running++;
      return leave;
    }
    return await ("account" in origin ? lanes.known.wait(origin.account) : lanes.other.wait(origin.range));
  };
}

type Proceed = (leave: Leave | undefined) => void;

class Lane {
  readonly #limits: Pick<QueueLimits, "waiting" | "waitingPerOrigin">;
  /** The waiting of each origin. The origin whose turn is next comes first. */
  readonly #queues = new Map<string, Proceed[]>();
  #size = 0;

  constructor(limits: Pick<QueueLimits, "waiting" | "waitingPerOrigin">) {
    this.#limits = limits;
  }

  async wait(origin: string): Promise<Leave | undefined> {
    const { waiting, waitingPerOrigin } = this.#limits;
    const own = this.#queues.get(origin) ?? [];
    if (own.length >= waitingPerOrigin) return undefined;
    if (this.#size >= waiting && !this.#makeRoom(own.length)) return undefined;
    this.#size++;
    this.#queues.set(origin, own);
    return await new Promise((proceed) => own.push(proceed));
  }

  /** Removes the first of the origin whose turn it is. */
  next(): Proceed | undefined {
    const [first] = this.#queues;
    if (first === undefined) return undefined;
    const [origin, queue] = first;
    this.#queues.delete(origin);
    if (queue.length > 1) this.#queues.set(origin, queue);
    this.#size--;
    return queue.shift();
  }

  /** The origin with the most waiting gives up its last place, if it still has more than an origin with `own` then. */
  #makeRoom(own: number): boolean {
    const queues = [...this.#queues.values()];
    const greediest = queues.reduce((most, queue) => (queue.length > most.length ? queue : most), []);
    if (greediest.length < own + 2) return false;
    greediest.pop()!(undefined);
    this.#size--;
    return true;
  }
}
