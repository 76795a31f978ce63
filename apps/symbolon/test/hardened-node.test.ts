import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import { startServer } from "./start-server.ts";
import { obtainTokens, refreshRequest, useToken } from "./token-life.ts";

/** The status that the server answers to these bytes; NaN where it hangs up without one. */
async function statusOf(port: number, head: readonly string[]): Promise<number> {
  const socket = connect(port, "localhost");
  const parts: Buffer[] = [];
  socket.on("data", (part: Buffer) => parts.push(part)).on("error", () => socket.destroy());
  socket.write([...head, "Connection: close", "", ""].join("\r\n"));
  await once(socket, "close");
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(Buffer.concat(parts).toString("latin1"))?.[1]);
}

describe.each([[[]], [["--disable-proto=delete"]], [["--disable-proto=throw"]], [["--frozen-intrinsics"]]])(
  "HT-05, HT-14: under node %j",
  (nodeFlags: string[]) => {
    test("refuses a header named __proto__, keeps running, and serves a whole token life", async () => {
      const server = await startServer({ nodeFlags });
      const headers = [
        "__proto__: polluted",
        "__PROTO__: polluted",
        "constructor: x",
        "__defineGetter__: x",
        "toString: x",
      ];
      const statuses = [];
      for (const header of headers)
        statuses.push(await statusOf(server.port, ["GET /health HTTP/1.1", `Host: localhost:${server.port}`, header]));
      expect(statuses).toEqual([400, 400, 200, 200, 200]);
      const tokens = await obtainTokens(server, server.demo!);
      expect(await useToken(server, tokens.access_token)).toBe(200);
      expect((await refreshRequest(server, server.demo!, tokens.refresh_token)).status).toBe(200);
      const { code, stderr } = await server.stop();
      expect(code).toBe(0);
      expect(stderr).not.toContain("server.fault");
    });
  },
);

test("HT-14: without the guard, reading such a header throws under --disable-proto=throw", () => {
  const script =
    "try { ({}).__proto__; console.log('read'); } catch (error) { console.log(error.code); } Reflect.deleteProperty(Object.prototype, '__proto__'); console.log(({}).__proto__);";
  expect(execFileSync(process.execPath, ["--disable-proto=throw", "-e", script], { encoding: "utf8" })).toBe(
    "ERR_PROTO_ACCESS\nundefined\n",
  );
});
