/**
 * What seven kinds of provider do with a refresh token (refresh-tokens.md B1, A6), written down once more, apart from
 * the emulator and the server: the judge of the keeper must not share its mistakes. Pure; times are milliseconds.
 */
export const rules = ["lazy", "replay", "grace", "timed", "none", "strict", "intent"] as const;
export type Rule = (typeof rules)[number];

export const accessLifetimeMs = 3_600_000;
export const windowMs = { replay: 120_000, grace: 30_000, timed: 86_400_000 } as const;

/** `depth` counts the links of the chain. Tokens say theirs, so that a history can be read. */
export type Line = {
  grant: string;
  rule: Rule;
  depth: number;
  rotatedAtMs: number;
  /** The newest link has been seen in use. */
  used: boolean;
  answer?: Answer;
  intent?: string;
  /** Tells siblings apart: pairs of one depth. */
  serial: number;
  /** Why the provider ended it. */
  dead?: string;
};

export type Answer = {
  access_token: string;
  refresh_token: string | undefined;
  token_type: "Bearer";
  expires_in: number;
};

export type Verdict =
  | { is: "rotated" | "again" | "sibling" | "unchanged"; answer: Answer }
  | { is: "refused"; why: string };

export const startLine = (grant: string, rule: Rule, nowMs: number): { line: Line; answer: Answer } => {
  const line: Line = { grant, rule, depth: 1, rotatedAtMs: nowMs, used: true, serial: 0 };
  return { line, answer: mint(line, nowMs) };
};

/** Decides about one well-formed request, and moves the line. */
export function present(line: Line, token: string, intent: string | undefined, nowMs: number): Verdict {
  const depth = depthOf(token);
  if (line.dead !== undefined) return { is: "refused", why: line.dead };
  const back = line.depth - depth;
  const sinceMs = nowMs - line.rotatedAtMs;
  switch (line.rule) {
    case "none":
      return { is: "unchanged", answer: { ...mint(line, nowMs), refresh_token: undefined } };
    case "timed":
      if (back > 1 || (back === 1 && sinceMs > windowMs.timed)) return end(line, "spent");
      if (back === 0 && sinceMs > windowMs.timed) return rotate(line, intent, nowMs);
      return { is: "unchanged", answer: mint(line, nowMs) };
    case "lazy":
      if (back === 0) return rotate(line, intent, nowMs);
      // No theft is seen here: the old token is merely of no use once the new one is (Doorkeeper).
      return back === 1 && !line.used ? { is: "sibling", answer: mint(line, nowMs) } : { is: "refused", why: "spent" };
    case "replay":
      if (back === 0) return rotate(line, intent, nowMs);
      return back === 1 && sinceMs <= windowMs.replay ? { is: "again", answer: line.answer! } : end(line, "reuse");
    case "grace":
      if (back === 0) return rotate(line, intent, nowMs);
      return back === 1 && sinceMs <= windowMs.grace
        ? { is: "sibling", answer: mint(line, nowMs) }
        : end(line, "reuse");
    case "strict":
      return back === 0 ? rotate(line, intent, nowMs) : end(line, "reuse");
    case "intent":
      if (back === 0) return rotate(line, intent, nowMs);
      return back === 1 && intent !== undefined && intent === line.intent && !line.used
        ? { is: "again", answer: line.answer! }
        : end(line, "reuse");
  }
}

/** Whether the resource lets this access token in. Its first use is a use of its link. */
export function admit(line: Line, accessToken: string, nowMs: number): boolean {
  const [, , depth, , issuedAtMs] = accessToken.split("~");
  if (line.dead !== undefined || nowMs >= Number(issuedAtMs) + accessLifetimeMs) return false;
  if (line.rule === "lazy" && Number(depth) < line.depth && line.used) return false;
  if (Number(depth) === line.depth) line.used = true;
  return true;
}

export const grantOf = (token: string): string => token.split("~")[1] ?? "";
export const depthOf = (token: string): number => Number(token.split("~")[2]);

function rotate(line: Line, intent: string | undefined, nowMs: number): Verdict {
  line.depth++;
  line.rotatedAtMs = nowMs;
  line.used = false;
  if (intent === undefined) delete line.intent;
  else line.intent = intent;
  line.answer = mint(line, nowMs);
  return { is: "rotated", answer: line.answer };
}

function end(line: Line, why: string): Verdict {
  line.dead = why;
  return { is: "refused", why };
}

function mint(line: Line, nowMs: number): Answer {
  const serial = ++line.serial;
  // A timed value is one value until it changes; the others differ each time.
  const refresh = line.rule === "timed" || line.rule === "none" ? 0 : serial;
  return {
    access_token: `at~${line.grant}~${line.depth}~${serial}~${nowMs}`,
    refresh_token: `rt~${line.grant}~${line.depth}~${refresh}`,
    token_type: "Bearer",
    expires_in: accessLifetimeMs / 1000,
  };
}
