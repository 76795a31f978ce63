import type { Finding } from "../run.ts";

/** The findings of each group, in their order. `Map.groupBy` would need Node 21. */
export function byGroup(findings: readonly Finding[]): Map<string, Finding[]> {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) groups.set(finding.group, [...(groups.get(finding.group) ?? []), finding]);
  return groups;
}
