import type { Rule } from "./rules.ts";

/** What all processes of a crew work on. */
export type Task = {
  store: { kind: "files" | "sqlite" | "postgres"; where: string };
  providerUrl: string;
  /** The key that seals the records, base64url. */
  key: string;
  grants: readonly { id: string; rule: Rule }[];
  /** For one request, in real time. */
  deadlineMs: number;
  /** How many times as fast as real time the common clock runs from `epochMs` on. */
  pace: number;
  epochMs: number;
  /** How often one of its writes takes long, before or after it was done: 0 to 1. */
  stallShare: number;
  stallMs: number;
};

/** From the crew to a process. `offsetMs` is how far the common clock has been put forward. */
export type Order =
  | (Task & { do: "begin"; name: string; skewMs: number })
  | { do: "work"; round: number; offsetMs: number }
  | { do: "leave" };

/** From a process to the crew. */
export type Report =
  | { say: "ready" }
  /** What others left at its start is finished, or has failed. */
  | { say: "recovered" }
  /**
   * One grant in one round: the status that the resource answered, or why there was no token; and whether the store did
   * not answer meanwhile.
   */
  | {
      say: "done";
      round: number;
      grant: string;
      status?: number;
      code?: string;
      depth?: number;
      volatile?: boolean;
      storeFailed?: boolean;
      atMs: number;
    }
  /** All grants of a round are done. */
  | { say: "rested"; round: number }
  | { say: "event"; type: string; grant: string; atMs: number }
  /** Said by the crew for a process that is gone. */
  | { say: "ended" };
