import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Sealed } from "@symbolon/protocol";
import { setFaultStage, type FaultStage } from "./stage.ts";
import type { Tokens } from "../harness/client.ts";
import { offerCodes, verifier } from "../harness/population.ts";
import type { ServerOptions } from "../harness/server.ts";
import { answersWithoutSync } from "./traced-syncs.ts";

const isTraced = spawnSync("strace", ["-V"]).status === 0;
const how = isTraced ? "as strace sees it" : "strace is not installed: by the commits that the log grew by";
const requests = 15;

let stage: FaultStage;
let traces: string;
beforeEach(async () => {
  stage = await setFaultStage();
  traces = mkdtempSync(join(tmpdir(), "symbolon-traces-"));
});
afterEach(async () => {
  await stage.close();
  rmSync(traces, { recursive: true, force: true });
});

/**
 * Redeems, refreshes and revokes, one after the other; answers how many of the answers had no sync of their own before
 * them.
 */
async function answersUnsynced(options: ServerOptions = {}): Promise<{ answers: number; withoutSync: number }> {
  const trace = join(traces, "syscalls");
  // -D: the process that we started, and signal, is the server; strace goes when it goes.
  const under = isTraced
    ? ["strace", "-D", "-f", "-qq", "-s", "16", "-e", "trace=fsync,fdatasync,write,writev,sendto", "-o", trace]
    : [];
  const server = await stage.start({ ...options, under });
  const codes = await stage.data.withStore((store) =>
    offerCodes(stage.data, store, stage.credentials, stage.owner, requests),
  );
  for (const code of codes) {
    const first: Tokens = stage.client.tokensOf(await stage.client.redeem(server, { code, verifier }));
    const second: Tokens = stage.client.tokensOf(await stage.client.refresh(server, first.refresh_token));
    expect((await stage.client.revoke(server, second.refresh_token)).status).toBe(200);
  }
  if (!isTraced) {
    const grants = await Promise.all(
      codes.map((code) =>
        stage.data.withStore(async (store) =>
          store.grants.find(stage.data.keyring.read("code", new Sealed(code))!.grantId),
        ),
      ),
    );
    return { answers: 3 * requests, withoutSync: grants.filter((grant) => grant!.version < 3).length };
  }
  expect(await server.stop()).toBe(0);
  const read = () => answersWithoutSync(readFileSync(trace, "utf8"));
  await vi.waitFor(() => expect(read().answers).toBe(3 * requests), 10_000);
  return read();
}

describe(`R-04, I4: redeem, refresh and revoke (${how})`, () => {
  test("each syncs (fsync) between the request and its 200", async () => {
    expect(await answersUnsynced()).toEqual({ answers: 3 * requests, withoutSync: 0 });
  }, 60_000);

  test("control: the check fails with synchronous = NORMAL", async () => {
    const preload = join(import.meta.dirname, "without-sync.ts");
    const { answers, withoutSync } = await answersUnsynced({ env: { NODE_OPTIONS: `--import=${preload}` } });
    expect(answers).toBe(3 * requests);
    expect(withoutSync, "a new log may bring a sync of its own").toBeGreaterThanOrEqual(isTraced ? answers - 2 : 0);
  }, 60_000);
});

describe("R-04: reading a trace", () => {
  const sync = "12 fdatasync(21)                  = 0";
  const answer = '12 write(24, "HTTP/1.1 200 OK\\r"..., 812) = 812';

  test("a sync counts for one answer; the next answer needs its own", () =>
    expect(answersWithoutSync([sync, answer, sync, sync, answer, answer].join("\n"))).toEqual({
      answers: 3,
      withoutSync: 1,
    }));

  test("a sync counts when it has ended, not when it has begun", () => {
    const [begun, ended] = ["13 fdatasync(21 <unfinished ...>", "13 <... fdatasync resumed>)            = 0"];
    expect(answersWithoutSync([begun, answer, ended, answer].join("\n"))).toEqual({ answers: 2, withoutSync: 1 });
  });

  test("a failed sync does not count", () =>
    expect(answersWithoutSync(["12 fsync(21) = -1 EIO (Input/output error)", answer].join("\n"))).toEqual({
      answers: 1,
      withoutSync: 1,
    }));
});
