import { EventEmitter, once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeWorld, type World } from "../../test/world.ts";
import { trackConnections } from "./connections.ts";

/** A connection from an address, which carries requests when it is told to. */
class FakeSocket extends EventEmitter {
  destroyed = false;
  readonly remoteAddress: string;
  constructor(remoteAddress: string) {
    super();
    this.remoteAddress = remoteAddress;
  }
  destroy(): void {
    this.destroyed = true;
    this.emit("close");
  }
}

function tracked(limits: { total: number; perNetwork: number }, trustedProxies: readonly string[] = []) {
  const connections = trackConnections(trustedProxies, limits);
  const open = (address: string, count = 1): FakeSocket[] =>
    Array.from({ length: count }, () => {
      const socket = new FakeSocket(address);
      connections.accept(socket as unknown as Socket);
      return socket;
    });
  /** Begins a request; the returned function ends it. */
  const ask = (socket: FakeSocket) => {
    const response = { closed: false, headersSent: false, setHeader: () => {} };
    connections.begin({ socket } as unknown as IncomingMessage, response as unknown as ServerResponse);
    return () => void (response.closed = true);
  };
  return { connections, open, ask };
}
const alive = (sockets: readonly FakeSocket[]) => sockets.filter(({ destroyed }) => !destroyed).length;

describe("HT-16: a network holds a limited number of connections", () => {
  test("beyond it, its oldest idle one is closed for the new one", () => {
    const { open } = tracked({ total: 1_000, perNetwork: 4 });
    const first = open("192.0.2.1", 4);
    const [more] = open("192.0.2.1");
    expect([first.map(({ destroyed }) => destroyed), more!.destroyed]).toEqual([[true, false, false, false], false]);
  });

  test("where each of its connections carries a request, the new one is closed, until one is idle", () => {
    const { open, ask } = tracked({ total: 1_000, perNetwork: 4 });
    const ends = open("192.0.2.1", 4).map(ask);
    expect(alive(open("192.0.2.1"))).toBe(0);
    ends[2]!();
    expect(alive(open("192.0.2.1"))).toBe(1);
  });

  test("an IPv6 network is its first 64 bits; a mapped IPv4 address is that address", () => {
    const { open } = tracked({ total: 1_000, perNetwork: 4 });
    const six = [..."1234567"].flatMap((digit) => open(`2001:db8:0:1::${digit}`));
    expect([alive(six), alive(open("2001:db8:0:2::1", 4))]).toEqual([4, 4]);
    const four = [...open("192.0.2.1", 3), ...open("::ffff:192.0.2.1", 3)];
    expect(alive(four)).toBe(4);
  });

  test("other networks are not affected", () => {
    const { open } = tracked({ total: 1_000, perNetwork: 4 });
    const others = open("192.0.2.2", 4);
    open("192.0.2.1", 40);
    expect(alive(others)).toBe(4);
  });

  test.each([
    ["10.0.0.7", "10.0.0.7"],
    ["10.0.0.0/8", "10.1.2.3"],
    ["10.0.0.0/8", "::ffff:10.1.2.3"],
    ["2001:db8::/32", "2001:db8::7"],
  ])("a trusted proxy (%s) has no such limit: all clients come from its address (%s)", (proxy, address) => {
    const { open } = tracked({ total: 1_000, perNetwork: 4 }, [proxy]);
    expect(alive(open(address, 100))).toBe(100);
  });
});

describe("HT-16: when nearly all connections are taken", () => {
  test("idle ones of the network that has most are closed, and others stay", () => {
    const { open, ask } = tracked({ total: 320, perNetwork: 320 }, ["10.0.0.7"]);
    const proxy = open("10.0.0.7", 100);
    const modest = open("192.0.2.2", 20);
    const greedy = open("192.0.2.1", 180);
    const busy = greedy.slice(0, 50);
    for (const socket of busy) ask(socket);
    open("192.0.2.3", 60);
    expect([alive(proxy), alive(modest), alive(busy)]).toEqual([100, 20, 50]);
    expect(alive(greedy)).toBeLessThan(180);
  });

  test("no new one is accepted at the limit while none is idle", () => {
    const { open, ask } = tracked({ total: 320, perNetwork: 320 });
    for (let count = 0; count < 320; count++) ask(open("192.0.2.1")[0]!);
    expect(alive(open("192.0.2.2", 30))).toBe(0);
  });

  test("a flood of 100,000 from one network, then new clients of others: each of these is accepted", () => {
    const { open } = tracked({ total: 16_384, perNetwork: 1_024 });
    open("192.0.2.1", 100_000);
    for (let network = 0; network < 250; network++) open(`198.51.100.${network}`, 100);
    for (let network = 0; network < 250; network++) expect(alive(open(`203.0.113.${network}`))).toBe(1);
  });
});

describe("HT-16: real sockets", () => {
  let world: World;
  let port: number;
  const open: Socket[] = [];
  beforeAll(async () => {
    world = await makeWorld();
    await world.app.listen({ port: 0, host: "127.0.0.1" });
    ({ port } = world.app.server.address() as AddressInfo);
  });
  afterAll(async () => {
    for (const socket of open) socket.destroy();
    await world.app.close();
  });
  const dial = async (): Promise<Socket> => {
    const socket = connect(port, "127.0.0.1");
    open.push(socket);
    socket.on("error", () => socket.destroy());
    await once(socket, "connect");
    return socket;
  };
  const ask = async (socket: Socket): Promise<string> => {
    socket.write("GET /health HTTP/1.1\r\nHost: localhost:8787\r\n\r\n");
    return String((await once(socket, "data"))[0]);
  };

  test("of 1,500 keep-alive connections of one address at most 1,024 stay open, and a new one is served", async () => {
    while (open.length < 1_500) await Promise.all(Array.from({ length: 100 }, async () => ask(await dial())));
    expect(await ask(await dial())).toContain("200 OK");
    const count = await new Promise<number>((resolve) => world.app.server.getConnections((_, all) => resolve(all)));
    expect(count).toBeLessThanOrEqual(1_024);
  });
});
