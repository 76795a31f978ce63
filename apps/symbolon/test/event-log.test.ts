import { describe, expect, test } from "vitest";
import type { ClientId, GrantId } from "@symbolon/protocol";
import type { ServerEvent } from "@symbolon/server";
import type { Terminal } from "../src/command/terminal.ts";
import { eventLog, levelOf } from "../src/serve/event-log.ts";
import { describeRefusal } from "../src/serve/development.ts";

const clock = { epochMs: () => Date.UTC(2026, 0, 2, 3, 4, 5, 678), monotonicMs: () => 0 };
const client = "app_0000000000000000" as ClientId;
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

  test("writes a short line to a terminal", () => {
    expect(write({ name: "code.redeemed", client, grant }, true)).toEqual([
      expect.stringContaining(`03:04:05 code.redeemed client=${client} grant=${grant}`),
    ]);
  });

  const hostile = 'x"\r\n{"name":"forged"}\u001b[2J\u009b2J\u2028\u202e';
  test.for([false, true])("OP-02: keeps hostile text inside its line (terminal: %s)", (isTerminal) => {
    const [line, ...more] = write(
      { name: "client.auth_failed", reason: "client_unknown", client: hostile, endpoint: "/oauth/token" },
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
      { name: "client.auth_failed", reason: "client_unknown", client: token, endpoint: "/oauth/token" },
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
    expect(levelOf({ name: "account.sign_in_failed", reason: "wrong_credentials" })).toBe("warn");
    expect(levelOf({ name: "refresh.refused", reason: "grant_expired", client })).toBe("warn");
    expect(levelOf({ name: "store.unavailable", endpoint: "/oauth/token", cause: "full" })).toBe("error");
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
