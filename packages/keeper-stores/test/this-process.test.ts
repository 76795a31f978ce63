import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { processOf, thisProcess } from "../src/process/this-process.ts";
import { readProcesses, type Processes } from "../src/process/processes-edge.ts";

const boot = "11111111-2222-3333-4444-555555555555";

/** Processes as another machine or container may have them. */
const fake = (more: Partial<Processes> = {}, running: Record<number, { state: string; startedAt: string }> = {}) =>
  processOf({
    pid: 100,
    place: () => `${boot}.1.2`,
    exists: (pid) => pid === 100 || pid in running,
    status: (pid) => running[pid] ?? (pid === 100 ? { state: "R", startedAt: "5000" } : undefined),
    ...more,
  });

describe("refresh-tokens.md B6: which process has ended", () => {
  test("a process that ended, and one whose id another process has by now", () => {
    expect(fake().isGone(`${boot}.1.2/200/7000`)).toBe(true);
    expect(fake({}, { 200: { state: "S", startedAt: "9000" } }).isGone(`${boot}.1.2/200/7000`)).toBe(true);
  });
  test("a zombie", () => {
    expect(fake({}, { 200: { state: "Z", startedAt: "7000" } }).isGone(`${boot}.1.2/200/7000`)).toBe(true);
  });
  test.each(["R", "S", "D", "T", "t", "I"])("not one in the state %s", (state) => {
    expect(fake({}, { 200: { state, startedAt: "7000" } }).isGone(`${boot}.1.2/200/7000`)).toBe(false);
  });
  test("not itself", () => {
    const one = fake();
    expect(one.isGone(one.name)).toBe(false);
  });
  test("not one of another boot, machine, container or time namespace", () => {
    for (const place of [`${boot.replace("1", "9")}.1.2`, `${boot}.7.2`, `${boot}.1.7`, boot, ""])
      expect(fake().isGone(`${place}/200/7000`)).toBe(false);
  });
  test("not one whose name is not of this kind", () => {
    for (const name of ["", "web-1", `${boot}.1.2`, `${boot}.1.2/200`, `${boot}.1.2/200/`, `${boot}.1.2/0/7000`])
      expect(fake().isGone(name)).toBe(false);
    for (const name of [`${boot}.1.2/-1/7000`, `${boot}.1.2/200/7000/x`, `${boot}.1.2/2e2/7000`, `${boot}.1.2/200/x`])
      expect(fake().isGone(name)).toBe(false);
  });
  test("not one whose start time cannot be read, as with hidepid", () => {
    expect(
      fake({
        exists: () => true,
        status: (pid) => (pid === 100 ? { state: "R", startedAt: "5000" } : undefined),
      }).isGone(`${boot}.1.2/200/7000`),
    ).toBe(false);
  });
  test("nothing is known where the own place or start time cannot be read", () => {
    const blind = fake({ place: () => undefined });
    expect(blind.name).toBe("");
    expect(blind.isGone(`${boot}.1.2/200/7000`)).toBe(false);
    expect(fake({ status: () => undefined }).isGone(`${boot}.1.2/200/7000`)).toBe(false);
  });
});

describe("on this machine", () => {
  const nameOf = (pid: number): string => processOf({ ...readProcesses(), pid }).name;

  test("a child lives until it ends", async () => {
    const child = spawn("sleep", ["60"]);
    const name = nameOf(child.pid!);
    expect(name).toMatch(/^[\da-f-]{36}\.\d+\.\d+\/\d+\/\d+$/);
    expect(thisProcess().isGone(name)).toBe(false);
    child.kill("SIGSTOP");
    expect(thisProcess().isGone(name)).toBe(false);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(thisProcess().isGone(name)).toBe(true);
  });
  test("a child whose parent has not waited for it has ended", async () => {
    const parent = spawn("sh", ["-c", "sleep 0.2 & echo $!; exec sleep 60"], { stdio: ["ignore", "pipe", "ignore"] });
    const [said] = (await once(parent.stdout, "data")) as [Buffer];
    const pid = Number(said.toString());
    const name = nameOf(pid);
    const isZombie = () => / Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
    while (!isZombie()) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(thisProcess().isGone(name)).toBe(true);
    parent.kill("SIGKILL");
  });
  test("a process whose program has spaces and parentheses in its name is read", async () => {
    const child = spawn(
      process.execPath,
      ["-e", "process.title='a) Z (b'; setTimeout(() => {}, 60000); console.log(1)"],
      {
        stdio: ["ignore", "pipe", "ignore"],
      },
    );
    await once(child.stdout, "data");
    expect(thisProcess().isGone(nameOf(child.pid!))).toBe(false);
    child.kill("SIGKILL");
  });
});
