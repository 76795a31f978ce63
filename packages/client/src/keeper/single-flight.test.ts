import { expect, test } from "vitest";
import { SingleFlight } from "./single-flight.ts";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("runs the tasks of one key one after another, also after one that failed (B7)", async () => {
  const flight = new SingleFlight<string>();
  const log: string[] = [];
  const task =
    (name: string, fails = false) =>
    async (): Promise<string> => {
      log.push(`${name} begins`);
      await turn();
      log.push(`${name} ends`);
      if (fails) throw new Error(name);
      return name;
    };
  const first = flight.run("1", task("a", true));
  const second = flight.run("1", task("b"));
  const third = flight.run("1", task("c"));
  await expect(first).rejects.toThrow("a");
  expect([await second, await third]).toEqual(["b", "c"]);
  expect(log).toEqual(["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
});

test("runs the tasks of different keys at the same time", async () => {
  const flight = new SingleFlight<number>();
  let running = 0;
  const task = async (): Promise<number> => {
    running++;
    await turn();
    return running;
  };
  expect(await Promise.all([flight.run("1", task), flight.run("2", task)])).toEqual([2, 2]);
});

test("knows the latest task of a key until it has ended", async () => {
  const flight = new SingleFlight<string>();
  const first = flight.run("1", async () => "a");
  const second = flight.run("1", async () => (await turn(), "b"));
  expect([flight.running("1"), flight.size, flight.running("2")]).toEqual([second, 1, undefined]);
  expect(await first).toBe("a");
  expect(flight.running("1")).toBe(second);
  await second;
  expect([flight.running("1"), flight.size]).toEqual([undefined, 0]);
});

test("settled() waits for every key, also for tasks that fail", async () => {
  const flight = new SingleFlight<void>();
  let ended = 0;
  const failing = flight.run("1", async () => {
    await turn();
    ended++;
    throw new Error("failed");
  });
  void flight.run("2", async () => {
    await turn();
    await turn();
    ended++;
  });
  await flight.settled();
  expect(ended).toBe(2);
  await expect(failing).rejects.toThrow("failed");
});
