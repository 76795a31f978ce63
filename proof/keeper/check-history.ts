import type { Heard, Member } from "./crew.ts";
import type { Seen } from "./provider.ts";
import type { Rule } from "./rules.ts";

export type History = {
  seen: readonly Seen[];
  heard: readonly Heard[];
  members: readonly Member[];
  /** Grants that the provider ended, and why. */
  ended: readonly { grant: string; rule: Rule; why: string }[];
  /** How long a process waits for an answer. */
  deadlineMs: number;
};

export type Violation = { invariant: "I1" | "I2" | "I3" | "I4" | "I5" | "S"; says: string };

/** Clocks of processes on one machine, and messages between them, in milliseconds. */
const slackMs = 30;

/**
 * Judges what provider and processes saw against the invariants of the keeper (refresh-tokens.md B11).
 *
 * One case cannot be prevented: a process that is stopped between its last read of the record and the first byte of its
 * request sends that request when it continues. The provider sees it as a request that began just after SIGCONT. It is
 * not held against I1, I3 and I5; `lateSends` counts those that were too late.
 */
export function checkHistory(history: History): Violation[] {
  return [
    ...oneIntent(history),
    ...durable(history),
    ...noneTwoBack(history),
    ...noHastyBurial(history),
    ...killedByProvider(history),
    ...strictAsPromised(history),
  ];
}

/** Spent tokens that a process sent right after it continued: another process had refreshed while it was stopped. */
export const lateSends = ({ seen, members }: History): Seen[] =>
  seen.filter((one) => one.depth < one.newest && isLateSend(one, members));

const isLateSend = ({ process, beganMs }: Seen, members: readonly Member[]): boolean =>
  stopsOf(process, members).some(
    ({ toMs }) => toMs !== undefined && beganMs >= toMs - slackMs && beganMs <= toMs + 10 * slackMs,
  );

const stopsOf = (process: string, members: readonly Member[]): Member["stops"] =>
  members.find(({ name }) => name === process)?.stops ?? [];

/** Whether the process was stopped, or killed, at some time of the interval. */
function wasAway(process: string, fromMs: number, toMs: number, members: readonly Member[]): boolean {
  const member = members.find(({ name }) => name === process);
  const isKilled = member?.killedAtMs !== undefined && member.killedAtMs <= toMs + slackMs;
  return (
    isKilled ||
    stopsOf(process, members).some(
      (stop) => stop.fromMs - slackMs <= toMs && (stop.toMs ?? Infinity) + slackMs >= fromMs,
    )
  );
}

/** I1: never two processes at once with a request for one grant, unless one of them was dead or stopped meanwhile. */
function oneIntent({ seen, members }: History): Violation[] {
  return perGrant(seen).flatMap((requests) =>
    requests.flatMap((one, at) =>
      requests.slice(at + 1).flatMap((other) => {
        const overlaps = other.beganMs < (one.endedMs ?? Infinity) - slackMs;
        if (!overlaps || other.process === one.process) return [];
        const away = [one, other].some(({ process, beganMs, endedMs = Infinity }) =>
          wasAway(process, beganMs, Math.min(endedMs, other.endedMs ?? Infinity), members),
        );
        return away || isLateSend(other, members)
          ? []
          : [
              {
                invariant: "I1" as const,
                says: `${one.process} and ${other.process} both spend ${one.grant} at ${other.beganMs}: ${text(one)} ${text(other)}`,
              },
            ];
      }),
    ),
  );
}

/**
 * I2: a token that was handed out, and not as volatile, is not older than any handed out before it: so it was in the
 * store. While the store does not answer, a process hands out what it has in memory, though others may have a newer
 * one.
 */
function durable({ heard }: History): Violation[] {
  const newest = new Map<string, { depth: number; round: number; from: string }>();
  return [...heard].flatMap((report) => {
    if (report.say !== "done" || report.depth === undefined) return [];
    const before = newest.get(report.grant);
    if (before === undefined || report.depth > before.depth)
      newest.set(report.grant, {
        depth: report.volatile === true ? (before?.depth ?? 0) : report.depth,
        round: report.round,
        from: report.from,
      });
    if (
      before === undefined ||
      report.round <= before.round ||
      report.depth >= before.depth ||
      report.storeFailed === true
    )
      return [];
    return [
      {
        invariant: "I2" as const,
        says: `${report.from} got pair ${report.depth} of ${report.grant} in round ${report.round}, after ${before.from} had pair ${before.depth} in round ${before.round}`,
      },
    ];
  });
}

/** I3: no token two generations old is sent. */
const noneTwoBack = ({ seen, members }: History): Violation[] =>
  seen
    .filter((one) => one.depth < one.newest - 1 && !isLateSend(one, members))
    .map((one) => ({
      invariant: "I3",
      says: `${one.process} sent pair ${one.depth} of ${one.grant}, whose newest was ${one.newest}`,
    }));

/** I4: no process declares a grant dead while another has a request under way. */
const noHastyBurial = ({ seen, heard, members }: History): Violation[] =>
  heard.flatMap((report) => {
    if (report.say !== "event" || report.type !== "dead") return [];
    const foreign = seen.find(
      (one) =>
        one.grant === report.grant &&
        one.process !== report.from &&
        one.beganMs < report.atMs - slackMs &&
        (one.endedMs ?? Infinity) > report.atMs + slackMs &&
        !wasAway(one.process, one.beganMs, report.atMs, members),
    );
    return foreign === undefined
      ? []
      : [
          {
            invariant: "I4" as const,
            says: `${report.from} declared ${report.grant} dead at ${report.atMs}, while ${text(foreign)}`,
          },
        ];
  });

/**
 * I5: outside class S the provider here never ends a grant without being misled, so none ends, and nothing is refused.
 */
function killedByProvider({ seen, heard, members, ended }: History): Violation[] {
  const refused = seen.filter(({ rule, outcome }) => rule !== "strict" && outcome === "refused");
  const misled = new Set(perGrant(refused).flatMap(([first]) => (isLateSend(first!, members) ? [first!.grant] : [])));
  const dead = heard.filter(
    (report) => report.say === "event" && report.type === "dead" && !report.grant.startsWith("strict"),
  );
  return [
    ...ended
      .filter(({ rule, grant }) => rule !== "strict" && !misled.has(grant))
      .map(({ grant, why }): Violation => ({ invariant: "I5", says: `${grant} was ended: ${why}` })),
    ...refused
      .filter(({ grant }) => !misled.has(grant))
      .map((one): Violation => ({ invariant: "I5", says: `refused: ${text(one)}` })),
    ...dead.map((report): Violation => ({
      invariant: "I5",
      says: `${report.from} declared dead: ${JSON.stringify(report)}`,
    })),
  ];
}

/**
 * What is promised for class S without an intent key (B3.2): a spent token is presented again only over an answer that
 * was lost. When, and how often, depends on clocks; those are right in the trials (proof/trials), which look at it.
 */
function strictAsPromised({ seen, members, deadlineMs }: History): Violation[] {
  return perGrant(seen.filter(({ rule }) => rule === "strict")).flatMap((requests) => {
    const again = requests.find((one) => one.outcome === "refused" && !isLateSend(one, members));
    const rotation = again && requests.find(({ outcome, depth }) => outcome === "rotated" && depth === again.depth);
    if (again === undefined || rotation === undefined || isLost(rotation, again.beganMs, members, deadlineMs))
      return [];
    return [
      {
        invariant: "S",
        says: `a refresh whose answer was not lost was repeated: ${text(rotation)} then ${text(again)}`,
      },
    ];
  });
}

/**
 * Whether the answer may have missed its process: spoiled on the way, later than the deadline, or the process was away
 * when it came.
 */
const isLost = (
  { mishap, delivered, process, beganMs, endedMs = Infinity }: Seen,
  untilMs: number,
  members: readonly Member[],
  deadlineMs: number,
): boolean =>
  (mishap !== undefined && ["cut_after", "stalled_after", "failed_502"].includes(mishap)) ||
  !delivered ||
  endedMs - beganMs > deadlineMs ||
  wasAway(process, beganMs, untilMs, members);

function perGrant(seen: readonly Seen[]): Seen[][] {
  const grants = new Map<string, Seen[]>();
  for (const one of seen) grants.set(one.grant, [...(grants.get(one.grant) ?? []), one]);
  return [...grants.values()];
}

const text = ({ grant, process, depth, newest, outcome, mishap, beganMs, endedMs }: Seen): string =>
  `${process} spent pair ${depth} (newest ${newest}) of ${grant} from ${beganMs} to ${endedMs ?? "…"}: ${outcome}${mishap === undefined ? "" : ` (${mishap})`}`;
