import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { setFaultStage, type FaultStage } from "../faults/stage.ts";
import { restartBehindBalancer } from "./balanced.ts";
import { restartOnInheritedSocket } from "./inherited.ts";

let stage: FaultStage;
beforeEach(async () => {
  stage = await setFaultStage();
});
afterEach(() => stage.close());

/** A tenth of `npm run restarts`. */
const restarts = 20;
const clients = 20;

describe("R-27, HT-17: restarts by SIGTERM under load fail no request of keep-alive clients", () => {
  test("of two servers behind a load balancer that asks /ready", async () => {
    const { failures, served, connections } = await restartBehindBalancer(stage, clients, restarts);
    expect(failures).toEqual([]);
    expect(served).toBeGreaterThan(restarts * clients);
    expect(connections).toBeGreaterThan(restarts);
  }, 600_000);

  test("of one server with an inherited socket, whose queue keeps new connections meanwhile", async () => {
    const { failures, served, connections } = await restartOnInheritedSocket(stage, clients, restarts);
    expect(failures).toEqual([]);
    expect(served).toBeGreaterThan(restarts * clients);
    expect(connections).toBeGreaterThan(restarts);
  }, 600_000);
});
