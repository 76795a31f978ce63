import { readFileSync, readlinkSync } from "node:fs";

/** What the operating system tells about processes. */
export type Processes = {
  /** Of this process. */
  pid: number;
  /** Where process ids mean the same: one boot of one machine, one namespace. Undefined if it cannot be read. */
  place(): string | undefined;
  /** Whether there is a process with this id, of any user. True where it cannot be said. */
  exists(pid: number): boolean;
  /** State letter and start time, as `proc(5)` defines them. Undefined if they cannot be read. */
  status(pid: number): { state: string; startedAt: string } | undefined;
};

/** Place, id and start time of a process. Undefined if one of them cannot be read. */
export function identityOf(
  processes: Processes,
  pid: number,
): { place: string; pid: number; startedAt: string } | undefined {
  const place = processes.place();
  const startedAt = processes.status(pid)?.startedAt;
  return place === undefined || startedAt === undefined ? undefined : { place, pid, startedAt };
}

/** The processes of this machine, by Linux's `/proc`. */
export const readProcesses = (): Processes => ({
  pid: process.pid,
  place: () => orUndefined(readPlace),
  exists,
  status,
});

function readPlace(): string | undefined {
  // Where /proc shows another namespace, its process ids are not ours.
  if (readlinkSync("/proc/self") !== String(process.pid)) return undefined;
  const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  const namespaces = ["pid", "time"].map((kind) => /\d+/.exec(readlinkSync(`/proc/self/ns/${kind}`))![0]);
  return [boot, ...namespaces].join(".");
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

const status = (pid: number): { state: string; startedAt: string } | undefined =>
  orUndefined(() => {
    // The second field is the program's name, which may contain spaces and parentheses.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\)\s+/s, "")
      .split(" ");
    const [state, startedAt] = [fields[0]!, fields[19]!];
    return /^[A-Za-z]$/.test(state) && /^\d+$/.test(startedAt) ? { state, startedAt } : undefined;
  });

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
