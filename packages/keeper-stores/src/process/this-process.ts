import { identityOf, readProcesses, type Processes } from "./processes-edge.ts";

/** What `createKeeper` needs to know about processes: pass it as `createKeeper({ ...thisProcess(), … })`. */
export type KeeperProcess = {
  /** Identifies this process: machine, namespaces, process id and start time; empty where they cannot be read. */
  name: string;
  /** Whether the process of this name is known to have ended. False for processes of other machines or containers. */
  isGone(name: string): boolean;
};

/**
 * Lets a keeper take over at once from a process of the same machine that has ended, instead of waiting until its lease
 * has run out. Works on Linux; elsewhere nothing is known, and leases run out as before. It compares the boot of the
 * machine, the namespaces of process ids and time, the process id and the start time of the process, so that another
 * container, another machine and a reused process id are never taken for the holder.
 */
export const thisProcess = (): KeeperProcess => processOf(readProcesses());

/** As `thisProcess`, with other means to look at processes. */
export function processOf(processes: Processes): KeeperProcess {
  const own = identityOf(processes, processes.pid);
  return {
    name: own === undefined ? "" : [own.place, own.pid, own.startedAt].join("/"),
    isGone(name) {
      const [place, pid, startedAt, ...rest] = name.split("/");
      // Of a process in another place, or with an unreadable name, nothing is known.
      if (own === undefined || place !== own.place || !/^[1-9]\d*$/.test(pid ?? "") || rest.length > 0) return false;
      if (!/^\d+$/.test(startedAt ?? "")) return false;
      if (!processes.exists(Number(pid))) return true;
      const found = processes.status(Number(pid));
      // A zombie has ended: only its exit status is still to be read.
      return found !== undefined && (/^[ZXx]$/.test(found.state) || found.startedAt !== startedAt);
    },
  };
}
