/// <reference lib="esnext.disposable" preserve="true" />
import { unknownName } from "@symbolon/protocol";
import type { Control } from "./control/control.ts";
import { BadField } from "./control/fields.ts";
import { newCore, type Core, type CoreOptions } from "./core.ts";
import type { Application } from "./provider/application.ts";
import { fetchOf, type EmulatorFetch } from "./wire/fetch.ts";
import { listen, type Tls } from "./wire/node-edge.ts";
import { stillTime, type World } from "./world.ts";

export type EmulatorOptions = CoreOptions & {
  /** Default: any free port. */
  port?: number | undefined;
  /** Base path of the provider, with a leading and without a trailing slash. */
  basePath?: string | undefined;
  /**
   * Clock and timers. Default: the clock stands still at 2026-10-01T00:00:00Z until `control.advance`, so that the same
   * requests get the same answers. `systemWorld` has a running clock.
   */
  world?: World | undefined;
  /** Serves https with this key and certificate (PEM), for clients that refuse http. Default: http. */
  tls?: Tls | undefined;
};

export type Emulator = AsyncDisposable & {
  /** The base URL, base path included, without a trailing slash. */
  url: string;
  /** The same provider without sockets. */
  fetch: EmulatorFetch;
  /** The applications at the start. `control.applications()` returns their current state. */
  applications: readonly Application[];
  /** Controls the emulator from a test. */
  control: Control;
  /** Closes the port and every connection. */
  close(): Promise<void>;
};

const optionNames = ["profile", "seed", "applications", "port", "basePath", "world", "tls"];

/** Throws `BadField` that names the option, before a port is opened. */
function checkOptionNames(given: unknown): void {
  if (typeof given !== "object" || given === null)
    throw new BadField('emulator needs options, such as { profile: "gusto" }');
  const unknown = unknownName(given, optionNames);
  if (unknown) throw new BadField(`${unknown.name} is not an option of emulator${unknown.suggestion}`);
}

/**
 * Starts an emulated OAuth provider on a loopback port, to test against. Rejects with `BadField` for an unknown
 * profile or option.
 */
export async function emulator(given: EmulatorOptions): Promise<Emulator> {
  checkOptionNames(given);
  const { port = 0, basePath = "", world = stillWorld, tls, ...options } = given;
  const listener = await listen(port, tls);
  const url = `${tls === undefined ? "http" : "https"}://127.0.0.1:${listener.port}${basePath}`;
  const close = (): Promise<void> => listener.close();
  let core: Core;
  try {
    core = newCore(options, url, world);
  } catch (error) {
    // An open port would keep the process alive.
    await close();
    throw error;
  }
  listener.answerWith(core);
  const { control } = core;
  return {
    url,
    fetch: fetchOf(core, world),
    applications: control.applications(),
    control,
    close,
    [Symbol.asyncDispose]: close,
  };
}

const sleep: World["sleep"] = (ms, signal) =>
  new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(signal.reason as Error);
    const timer = setTimeout(done, ms);
    function done(): void {
      signal?.removeEventListener("abort", stop);
      resolve();
    }
    function stop(): void {
      clearTimeout(timer);
      reject(signal!.reason as Error);
    }
    signal?.addEventListener("abort", stop, { once: true });
  });

/** This machine's clock and timers. */
export const systemWorld: World = { epochMs: () => Date.now(), sleep };

/** A clock that only `control.advance` moves. */
export const stillWorld: World = { epochMs: () => stillTime * 1000, sleep };
