import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { admit, depthOf, grantOf, present, startLine, type Answer, type Line, type Rule } from "./rules.ts";

/** What may happen to one answer. The first two happen before the provider has done anything, the others after. */
export const mishaps = ["refused_503", "cut_before", "cut_after", "stalled_after", "failed_502"] as const;
export type Mishap = (typeof mishaps)[number];

/** One POST to the token endpoint, as the provider saw it. Times are real, in milliseconds since 1970. */
export type Seen = {
  grant: string;
  rule: Rule;
  process: string;
  depth: number;
  /** The newest depth before this request. */
  newest: number;
  beganMs: number;
  endedMs?: number;
  outcome: "rotated" | "again" | "sibling" | "unchanged" | "refused" | "not_processed";
  mishap?: Mishap;
  /** Whether the whole answer was handed to the network before the other side went away. */
  delivered: boolean;
};

export type Provider = {
  url: string;
  seen: Seen[];
  /** Calls of the resource that were turned away: real time and process. */
  turnedAway: { grant: string; process: string; atMs: number }[];
  grant(name: string, rule: Rule): Answer;
  lineOf(grant: string): Line;
  /** Asked before each POST. */
  mishap: (seen: Seen) => Mishap | undefined;
  stop(): Promise<void>;
};

/**
 * A provider on loopback that plays every rule, each grant its own. `nowMs` is its clock, and what its answers are
 * dated with.
 */
export async function startProvider({
  nowMs,
  latencyMs = 5,
  stallMs,
}: {
  nowMs: () => number;
  latencyMs?: number;
  stallMs: number;
}): Promise<Provider> {
  const lines = new Map<string, Line>();
  const lineOf = (grant: string): Line => {
    const line = lines.get(grant);
    if (line === undefined) throw new Error(`no grant ${grant}`);
    return line;
  };
  const provider: Provider = {
    url: "",
    seen: [],
    turnedAway: [],
    lineOf,
    grant(name, rule) {
      const { line, answer } = startLine(name, rule, nowMs());
      lines.set(name, line);
      return answer;
    },
    mishap: () => undefined,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };

  const dated = (response: ServerResponse, status: number, body: unknown): void => {
    response.writeHead(status, {
      "content-type": "application/json",
      "cache-control": "no-store",
      date: new Date(nowMs()).toUTCString(),
    });
    response.end(JSON.stringify(body));
  };

  async function token(request: IncomingMessage, response: ServerResponse, process: string): Promise<void> {
    const form = new URLSearchParams(await textOf(request));
    const presented = form.get("refresh_token") ?? "";
    const line = lines.get(grantOf(presented));
    if (form.get("grant_type") !== "refresh_token" || line === undefined)
      return dated(response, 400, { error: "invalid_request" });
    const { grant, rule } = line;
    const seen: Seen = {
      grant,
      rule,
      process,
      depth: depthOf(presented),
      newest: line.depth,
      beganMs: Date.now(),
      outcome: "not_processed",
      delivered: false,
    };
    provider.seen.push(seen);
    response.once("close", () => (seen.endedMs = Date.now()));
    // Who has gone away before is answered into the void, which looks finished too.
    response.once("finish", () => (seen.delivered = seen.endedMs === undefined));
    const mishap = provider.mishap(seen);
    if (mishap !== undefined) seen.mishap = mishap;
    await sleep(latencyMs);
    if (mishap === "refused_503") return dated(response, 503, { error: "temporarily_unavailable" });
    if (mishap === "cut_before") return void request.socket.destroy();
    const verdict = present(line, presented, form.get("refresh_intent") ?? undefined, nowMs());
    seen.outcome = verdict.is;
    if (mishap === "cut_after") return void request.socket.destroy();
    if (mishap === "failed_502") return dated(response, 502, "<html>Bad Gateway</html>");
    await sleep(mishap === "stalled_after" ? stallMs : latencyMs);
    if (verdict.is === "refused")
      return dated(response, 400, { error: "invalid_grant", error_description: verdict.why });
    dated(response, 200, verdict.answer);
  }

  function resource(request: IncomingMessage, response: ServerResponse, process: string): void {
    const accessToken = (request.headers.authorization ?? "").replace(/^Bearer /, "");
    const line = lines.get(grantOf(accessToken));
    if (line !== undefined && admit(line, accessToken, nowMs())) return dated(response, 200, { ok: true });
    provider.turnedAway.push({ grant: grantOf(accessToken), process, atMs: Date.now() });
    response.setHeader("www-authenticate", 'Bearer error="invalid_token"');
    dated(response, 401, { error: "invalid_token" });
  }

  const server = createServer((request, response) => {
    const process = String(request.headers["x-process"] ?? "");
    if (request.method === "POST" && request.url === "/token")
      void token(request, response, process).catch(() => response.destroy());
    else if (request.url === "/api") resource(request, response, process);
    else dated(response, 404, { error: "not_found" });
  });
  server.keepAliveTimeout = 600_000;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  provider.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return provider;
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += chunk;
  return text;
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
