const finishedSync = /(?:\bf(?:data)?sync\(\d+\)|<\.\.\. f(?:data)?sync resumed>\)?)\s+= 0$/;
const goodAnswer = /\b(?:write|writev|sendto)\(.*"HTTP\/1\.1 200/;

/**
 * Reads an strace of sequential requests: counts the 200 answers, and those without a finished sync since the previous
 * answer.
 */
export function answersWithoutSync(trace: string): { answers: number; withoutSync: number } {
  let [answers, withoutSync, hasSync] = [0, 0, false];
  for (const line of trace.split("\n")) {
    if (finishedSync.test(line.trimEnd())) hasSync = true;
    if (!goodAnswer.test(line)) continue;
    answers++;
    if (!hasSync) withoutSync++;
    hasSync = false;
  }
  return { answers, withoutSync };
}
