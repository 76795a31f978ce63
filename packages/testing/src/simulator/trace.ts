/** What happened: a hash that two runs of one seed must share, and lines to read on demand. */
export type Trace = { note(nowMs: number, line: string): void; hash(): number; lines: readonly string[] };

/** FNV-1a over all lines. */
export function makeTrace(keepsLines: boolean): Trace {
  let hash = 0x811c9dc5;
  const lines: string[] = [];
  return {
    note(nowMs, line) {
      hash = Math.imul(hash ^ Math.floor(nowMs * 1000), 0x01000193);
      for (let at = 0; at < line.length; at++) hash = Math.imul(hash ^ line.charCodeAt(at), 0x01000193);
      if (keepsLines) lines.push(`${(nowMs / 1000).toFixed(3).padStart(9)} s  ${line}`);
    },
    hash: () => hash >>> 0,
    lines,
  };
}
