import { OnceTaken, type Beside } from "./contract.ts";
import { appendAudit } from "./memory-audit.ts";
import { isOnceLive, putOnce } from "./memory-once.ts";
import type { Rows } from "./memory-rows.ts";

/** Before the change itself: throws where it must not happen. */
export function assertBeside(rows: Rows, { once }: Beside): void {
  if (once !== undefined && isOnceLive(rows, once.id, once.now)) throw new OnceTaken("there is such a record");
}

/** In the same turn as the change. */
export function storeBeside(rows: Rows, { audit, once }: Beside): void {
  if (audit !== undefined) appendAudit(rows, audit);
  if (once !== undefined) putOnce(rows, once);
}
