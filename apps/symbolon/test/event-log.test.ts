import { createHmac } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { ClientId, GrantId } from "@symbolon/protocol";
import type { ServerEvent } from "@symbolon/server";
import type { Terminal } from "../src/command/terminal.ts";
import { eventLog, levelOf } from "../src/serve/event-log.ts";
import { describeRefusal } from "../src/serve/development.ts";
import { withHashedNetworks } from "../src/serve/hashed-networks.ts";
import { runSymbolon, temporaryDirectory } from "./start-server.ts";

const clock = { epochMs: () => Date.UTC(2026, 0, 2, 3, 4, 5, 678), monotonicMs: () => 0 };
const client = "app_0000000000000000" as ClientId;
const network = "192.0.2.0/24";
const grant = "01a20200-ec6d-7d93-b82d-95400ba20e15" as GrantId;

function write(event: ServerEvent, errIsTerminal: boolean): string[] {
  const lines: string[] = [];
  eventLog(clock, terminalInto(lines, { errIsTerminal })).emit(event);
  return lines;
}

const terminalInto = (lines: string[], { errIsTerminal = false, errIsBehind = () => false }): Terminal => ({
  out: () => {},
  err: (line) => void lines.push(line),
  outStream: process.stdout,
  errIsTerminal,
  errIsBehind,
  readInput: async () => "",
  env: {},
  cwd: ".",
});

describe("the event log", () => {
  test("writes one line of JSON per event", () => {
    const [line, ...more] = write({ name: "code.redeemed", client, grant }, false);
    expect(more).toEqual([]);
    expect(JSON.parse(line!)).toEqual({
      time: "2026-01-02T03:04:05.678Z",
      level: "info",
      name: "code.redeemed",
      client,
      grant,
    });
  });

  test("writes the id of the request, which the answer carries in Request-Id", () => {
    const lines: string[] = [];
    const { emit } = eventLog(clock, terminalInto(lines, {}));
    emit({ name: "request.refused", reason: "page_unknown", endpoint: "none" }, "AbCdEfGhIjKlMnOp");
    expect(JSON.parse(lines[0]!)).toMatchObject({ level: "info", requestId: "AbCdEfGhIjKlMnOp" });
  });

  test("writes a short line to a terminal", () => {
    expect(write({ name: "code.redeemed", client, grant }, true)).toEqual([
      expect.stringContaining(`03:04:05 code.redeemed client=${client} grant=${grant}`),
    ]);
  });

  const hostile = 'x"\r\n{"name":"forged"}\u001b[2J\u009b2J\u2028\u202e';
  test.for([false, true])("OP-02: keeps hostile text inside its line (terminal: %s)", (isTerminal) => {
    const [line, ...more] = write(
      { name: "client.auth_failed", reason: "client_unknown", client: hostile, endpoint: "/oauth/token", network },
      isTerminal,
    );
    expect(more).toEqual([]);
    expect(line).not.toMatch(/[\r\n\u0080-\u009f\u2028\u202e]/);
    if (isTerminal) expect(line).not.toContain("\u001b[2J");
    else expect(JSON.parse(line!)).toMatchObject({ name: "client.auth_failed", client: hostile });
  });

  test.for([false, true])("OP-01: shortens a token in the place of a name (terminal: %s)", (isTerminal) => {
    const token = `sym_rt_${"A".repeat(64)}`;
    const [line] = write(
      { name: "client.auth_failed", reason: "client_unknown", client: token, endpoint: "/oauth/token", network },
      isTerminal,
    );
    expect(line).toContain("sym_rt_…");
    expect(line).not.toContain("AAAA");
  });

  test("R-31: drops and counts lines while they are not read", () => {
    const lines: string[] = [];
    let isBehind = false;
    const { emit } = eventLog(clock, terminalInto(lines, { errIsBehind: () => isBehind }));
    const refresh = (generation: number) => emit({ name: "refresh.delivered", grant, generation });
    refresh(1);
    isBehind = true;
    for (const generation of [2, 3, 4]) refresh(generation);
    isBehind = false;
    refresh(5);
    refresh(6);
    expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
      { generation: 1 },
      { name: "log.dropped", level: "error", lines: 3 },
      { generation: 5 },
      { generation: 6 },
    ]);
    expect(lines).toHaveLength(4);
  });

  test("has different levels for a lost answer and a theft, and for a refusal and a fault", () => {
    const reuse = { name: "refresh.reuse_detected", client, grant, presented: 1, head: 3 } as const;
    expect(levelOf({ ...reuse, delivered: true })).toBe("error");
    expect(levelOf({ ...reuse, delivered: false })).toBe("warn");
    expect(levelOf({ name: "refresh.rotated", client, grant, generation: 2 })).toBe("info");
    expect(levelOf({ name: "account.sign_in_failed", reason: "wrong_credentials", network })).toBe("warn");
    expect(levelOf({ name: "refresh.refused", reason: "grant_expired", client })).toBe("warn");
    expect(levelOf({ name: "store.unavailable", endpoint: "/oauth/token", cause: "full" })).toBe("error");
  });
});

describe("OP-15: events that repeat", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const refusal = (client: string): ServerEvent => ({
    name: "client.auth_failed",
    reason: "client_unknown",
    client,
    endpoint: "/oauth/token",
    network,
  });
  /** A log over a clock that goes with the timers. */
  function log() {
    const lines: string[] = [];
    const startedMs = Date.now();
    const ticking = { epochMs: () => Date.now(), monotonicMs: () => Date.now() - startedMs };
    const { emit } = eventLog(ticking, terminalInto(lines, {}));
    return { emit, read: () => lines.splice(0).map((line) => JSON.parse(line) as Record<string, unknown>) };
  }

  test("of a thousand refusals in a second twenty are logged, then how many were left out, under any client_id", () => {
    const { emit, read } = log();
    for (let n = 0; n < 1000; n++) emit(refusal(`client-${n}`));
    expect(read()).toHaveLength(20);
    vi.advanceTimersByTime(10_000);
    expect(read()).toEqual([
      expect.objectContaining({
        level: "warn",
        name: "log.repeated",
        event: "client.auth_failed",
        reason: "client_unknown",
        leftOut: 980,
      }),
    ]);
    emit(refusal("later"));
    expect(read()).toMatchObject([{ client: "later" }]);
  });

  test("twenty of one kind, and each of another grant, are logged without a count", () => {
    const { emit, read } = log();
    for (let n = 0; n < 20; n++) emit(refusal("one"));
    for (let n = 0; n < 30; n++)
      emit({ name: "refresh.rotated", client, grant: `grant-${n}` as GrantId, generation: 2 });
    expect(read()).toHaveLength(50);
    vi.advanceTimersByTime(10_000);
    expect(read()).toEqual([]);
  });

  test("one grant that is refreshed in a loop fills no log, and leaves room for others", () => {
    const { emit, read } = log();
    const replayed = (grant: string): void =>
      emit({ name: "refresh.replayed", client, grant: grant as GrantId, generation: 2, replays: 1 });
    for (let n = 0; n < 5000; n++) replayed("looping");
    replayed("other");
    expect(read()).toHaveLength(21);
  });

  test("each of many grants is logged, and the memory for counting them is bounded", () => {
    const { emit, read } = log();
    for (let n = 0; n < 12_000; n++)
      emit({ name: "refresh.rotated", client, grant: `grant-${n}` as GrantId, generation: 2 });
    for (let n = 0; n < 100; n++)
      emit({ name: "refresh.refused", reason: "grant_expired", client, grant: `late-${n}` as GrantId });
    expect(read()).toHaveLength(12_020);
    vi.advanceTimersByTime(10_000);
    expect(read()).toMatchObject([{ name: "log.repeated", event: "refresh.refused", leftOut: 80 }]);
  });

  test("an hour of hostile requests: less than three lines of a kind a second", () => {
    const { emit, read } = log();
    let lines = 0;
    for (let second = 0; second < 3600; second++) {
      for (let n = 0; n < 50; n++) emit(refusal("x".repeat(64)));
      vi.advanceTimersByTime(1000);
      lines += read().length;
    }
    expect(lines).toBeLessThan(3 * 3600);
  });
});

describe("the settings of the event log", () => {
  test.each([
    ["info", ["info", "warn", "error"]],
    ["warn", ["warn", "error"]],
    ["error", ["error"]],
  ] as const)("logLevel %s logs the levels %j", (lowest, expected) => {
    const lines: string[] = [];
    const { emit } = eventLog(clock, terminalInto(lines, {}), lowest);
    emit({ name: "code.redeemed", client, grant });
    emit({ name: "account.sign_in_failed", reason: "wrong_credentials", network });
    emit({ name: "server.fault", endpoint: "none", cause: "x" });
    expect(lines.map((line) => (JSON.parse(line) as { level: string }).level)).toEqual(expected);
  });

  test("logNetworks hashed names equal networks alike, and no network", () => {
    const events: ServerEvent[] = [];
    const digest = (family: string, text: string) =>
      createHmac("sha256", "pepper")
        .update(family + text)
        .digest();
    const emit = withHashedNetworks((event) => void events.push(event), { digest });
    for (const from of [network, network, "198.51.100.0/24"])
      emit({ name: "account.sign_in_failed", reason: "wrong_credentials", network: from });
    emit({ name: "code.redeemed", client, grant });
    const [one, same, other, untouched] = events as { network?: string }[];
    expect(one!.network).toMatch(/^[\w-]{16}$/);
    expect([same!.network === one!.network, other!.network === one!.network]).toEqual([true, false]);
    expect(untouched).toEqual({ name: "code.redeemed", client, grant });
  });

  test("logNetworks hashed keeps the id of the request", () => {
    const ids: (string | undefined)[] = [];
    const emit = withHashedNetworks((_event, requestId) => void ids.push(requestId), { digest: () => Buffer.of(1) });
    emit({ name: "account.sign_in_failed", reason: "wrong_credentials", network }, "r1");
    emit({ name: "code.redeemed", client, grant }, "r2");
    expect(ids).toEqual(["r1", "r2"]);
  });

  test("serve reads logLevel and logNetworks from the environment and names a wrong value", async () => {
    const env = { SYMBOLON_LOG_LEVEL: "loud", SYMBOLON_LOG_NETWORKS: "none" };
    const { code, stderr } = await runSymbolon(["serve", "--dev"], { env, cwd: temporaryDirectory() });
    expect(code).toBe(2);
    expect(stderr).toContain("SYMBOLON_LOG_LEVEL must be info, warn or error, not loud");
    expect(stderr).toContain("SYMBOLON_LOG_NETWORKS must be plain or hashed, not none");
  });
});

describe("who may ask for a demo account", () => {
  const ask = (remoteAddress: string) =>
    describeRefusal({ socket: { remoteAddress }, headers: { "symbolon-demo": "1" } });
  test.for(["127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1"])("%s", (address) =>
    expect(ask(address)).toBeUndefined(),
  );
  test.for(["192.0.2.1", "10.0.0.1", "::ffff:192.0.2.1", "fe80::1", "2001:db8::127.0.0.1", ""])("not %j", (address) =>
    expect(ask(address)).toContain("on the computer"),
  );
});
