import { checkHistory, type Violation } from "./check-history.ts";
import { openStage, type StageOptions } from "./stage.ts";

export type ExpiryReport = {
  kind: string;
  processes: number;
  expiries: number;
  /** Requests to the token endpoint per rule, and what the provider answered other than tokens. */
  refreshes: Record<string, number>;
  served: number;
  violations: string[];
  seconds: number;
};

/**
 * Processes that share one grant of each rule see it expire again and again. Nothing else goes wrong, so everybody is
 * served, nothing is refused, and each expiry costs one refresh.
 */
export async function letExpire({
  expiries,
  onRound = () => {},
  ...options
}: StageOptions & { expiries: number; onRound?: (report: ExpiryReport) => void }): Promise<ExpiryReport> {
  const startedMs = performance.now();
  const stage = await openStage(options);
  const report: ExpiryReport = {
    kind: options.kind,
    processes: options.processes,
    expiries: 0,
    refreshes: {},
    served: 0,
    violations: [],
    seconds: 0,
  };
  try {
    for (let round = 1; round <= expiries && report.violations.length === 0; round++) {
      const before = stage.provider.seen.length;
      // One in four: due, but not expired yet, so that some may go on with the old token.
      const heard = await stage.round(round % 4 === 0 ? 0.97 : 1.05);
      for (const { id, rule } of stage.grants) {
        const sent = stage.provider.seen.slice(before).filter((one) => one.rule === rule);
        report.refreshes[rule] = (report.refreshes[rule] ?? 0) + sent.length;
        if (sent.length !== 1)
          report.violations.push(`expiry ${round} of ${id} cost ${sent.length} refreshes: ${JSON.stringify(sent)}`);
      }
      const done = heard.filter((one) => one.say === "done");
      report.served += done.filter(({ status }) => status === 200).length;
      if (done.length !== options.processes * stage.grants.length)
        report.violations.push(`expiry ${round}: ${done.length} answers`);
      for (const one of done) if (one.status !== 200) report.violations.push(`expiry ${round}: ${JSON.stringify(one)}`);
      report.expiries = round;
      report.seconds = (performance.now() - startedMs) / 1000;
      onRound(report);
    }
    const history = stage.history();
    report.violations.push(
      ...checkHistory(history).map(describe),
      ...history.seen.filter(({ outcome }) => outcome === "refused").map((one) => `refused: ${JSON.stringify(one)}`),
    );
    return report;
  } finally {
    await stage.stop();
  }
}

export const describe = ({ invariant, says }: Violation): string => `${invariant}: ${says}`;
