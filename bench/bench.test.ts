import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { contenders } from "./contenders.ts";
import { coresOf } from "./cores.ts";
import { runLoad } from "./load.ts";
import { median } from "./measure.ts";
import { Misused, readOptions } from "./options.ts";
import type { Report } from "./report/report.ts";

const run = promisify(execFile);
const bench = join(import.meta.dirname, "bench.ts");

/** A server that gives each request the same bytes, in two pieces if `cutAt` is given. */
async function withAnswer<T>(bytes: string, work: (port: number) => Promise<T>, cutAt = bytes.length): Promise<T> {
  const server = createServer({ noDelay: true }, (socket) => {
    socket
      .on("error", () => undefined)
      .on("data", () => {
        socket.write(bytes.slice(0, cutAt));
        if (cutAt < bytes.length) setTimeout(() => socket.writable && socket.write(bytes.slice(cutAt)), 2);
      });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  try {
    return await work((server.address() as AddressInfo).port);
  } finally {
    server.close();
  }
}

const wantsGood = {
  next: () => "GET / HTTP/1.1\r\n\r\n",
  complaint: (status: number, body: string) =>
    status === 200 && body === "good" ? undefined : `got ${status} ${body}`,
};

describe("seeding a database", () => {
  test.each(["symbolon", "better-auth", "oidc-sqlite", "oauth2-server"])(
    "%s prints nothing: what a peer says about tables that are made next would alarm for no reason",
    async (kind) => {
      const folder = mkdtempSync(join(tmpdir(), "symbolon-bench-test-"));
      const script = join(import.meta.dirname, "seeds/write-seed.ts");
      const amounts = JSON.stringify({ grants: 20, inUse: 10, codes: 2 });
      const { stdout, stderr } = await run(process.execPath, [script, kind, folder, amounts]);
      rmSync(folder, { recursive: true });
      expect({ stdout, stderr }).toEqual({ stdout: "", stderr: "" });
    },
    30_000,
  );
});

describe("npm run bench", () => {
  test("measures every contender and accepts only valid answers", { timeout: 120_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), "symbolon-bench-test-"));
    try {
      const [out, drawn] = [join(folder, "table.md"), join(folder, "chart.svg")];
      writeFileSync(
        out,
        "# Speed\n\nOur words.\n\n<!-- bench: from here to the closing mark, `npm run bench -- --out` writes -->\nold\n<!-- /bench -->\n\nThe end.\n",
      );
      const { stdout } = await run(process.execPath, [
        bench,
        "--seconds",
        "0.05",
        "--rounds",
        "1",
        "--grants",
        "200",
        "--json",
        "--out",
        out,
        "--chart",
        drawn,
      ]);
      const { lines, grants, rounds } = JSON.parse(stdout) as Report;
      expect(lines.map(({ work, server }) => `${work}: ${server}`)).toEqual(
        contenders([], undefined).map(({ work, server }) => `${work}: ${server}`),
      );
      expect({ grants, rounds }).toEqual({ grants: 200, rounds: 1 });
      for (const line of lines) {
        expect(line.requests).toBeGreaterThan(0);
        expect(line.requestsPerSecond).toBeGreaterThan(0);
        expect(line.cpuMicrosPerRequest).toBeGreaterThan(0);
        expect(line.p50Ms).toBeGreaterThan(0);
        expect(line.p99Ms).toBeGreaterThanOrEqual(line.p50Ms);
        expect(line.peakBytes).toBeGreaterThan(1e6);
        expect(line.ofBare).toBeGreaterThan(0);
      }
      expect(lines[0]).toMatchObject({ ofBare: 1, ofBareByCpu: 1 });
      const written = readFileSync(out, "utf8");
      expect(written).toMatch(
        /^# Speed\n\nOur words\.[\s\S]*\| introspect \|[\s\S]*npm run bench -- [\s\S]*The end\.\n$/,
      );
      expect(written).not.toContain("\nold\n");
      const svg = readFileSync(drawn, "utf8");
      expect(svg).toMatch(
        /^<svg [^>]*role="img"[\s\S]*<title[\s\S]*<desc[\s\S]*prefers-color-scheme: dark[\s\S]*<\/svg>\n$/,
      );
      for (const text of [written, svg]) expect(text).not.toContain(folder);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test("measures file growth, database sizes and the start of the command", { timeout: 60_000 }, async () => {
    const args = [
      "--seconds",
      "0.05",
      "--rounds",
      "1",
      "--grants",
      "200",
      "--start",
      "--growth",
      "100",
      "--sizes",
      "200,400",
      "--sweep",
      "100",
    ];
    const { stdout } = await run(process.execPath, [bench, ...args, "--json"]);
    const { sizes, growth, start, sweep } = (JSON.parse(stdout) as Report).scale;
    expect(sizes?.map((size) => size.grants)).toEqual([200, 400]);
    expect(growth?.refreshes).toBeGreaterThanOrEqual(100);
    expect(growth?.bytesPerGrant).toBeGreaterThan(200);
    expect(sweep?.states.map(({ batch, timesNone: [, median] }) => [batch, median > 0])).toEqual([
      [0, true],
      [50, true],
      [200, true],
    ]);
    expect(start?.milliseconds).toBeGreaterThan(10);
  });

  test("rejects unknown flags and numbers and names the help", async () => {
    for (const args of [
      ["--fast"],
      ["--rounds", "0"],
      ["--rounds", "1.5"],
      ["--seconds", "soon"],
      ["--only", "sleep"],
    ]) {
      const refused = run(process.execPath, [bench, ...args]);
      await expect(refused).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining("--help") as string });
    }
    expect(() => readOptions(["--grants", ""])).toThrow(Misused);
  });

  test("prints help", async () => {
    const { stdout } = await run(process.execPath, [bench, "--help"]);
    expect(stdout).toContain("--seconds N");
  });
});

describe("the load generator", () => {
  test.each([9, 30, 38, 40, 43])(
    "counts valid answers until the requests are used up, also if an answer is split at byte %i",
    (cutAt) => {
      let left = 3;
      const scarce = { ...wantsGood, next: () => (left-- > 0 ? "GET / HTTP/1.1\r\n\r\n" : undefined) };
      const count = async (port: number) => expect((await runLoad(port, [scarce], 60_000)).answers).toBe(3);
      return withAnswer("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\ngood", count, cutAt);
    },
  );

  test("reads chunked answers, also if the last chunk is split", async () => {
    const chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\ngood\r\n0\r\n\r\n";
    const wantsChunk = {
      next: () => "GET / HTTP/1.1\r\n\r\n",
      complaint: (_: number, body: string) => (body.includes("good") ? undefined : body),
    };
    await withAnswer(
      chunked,
      async (port) => expect((await runLoad(port, [wantsChunk], 50)).answers).toBeGreaterThan(0),
      chunked.length - 3,
    );
  });

  test.each([
    ["a wrong status", "HTTP/1.1 500 No\r\ncontent-length: 4\r\n\r\ngood", "got 500 good"],
    ["a wrong body", "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil", "got 200 evil"],
    ["a body without a length", "HTTP/1.1 200 OK\r\n\r\ngood", "no Content-Length"],
    ["more than was announced", "HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\ngood", "longer than"],
  ])("stops at %s", async (_name, bytes, trouble) => {
    await expect(withAnswer(bytes, (port) => runLoad(port, [wantsGood], 1000))).rejects.toThrow(trouble);
  });
});

test("computes medians and parses core lists", () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(coresOf("0,2-4")).toEqual([0, 2, 3, 4]);
  expect(coresOf("")).toEqual([]);
});
