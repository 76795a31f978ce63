import { serverSimulation } from "@symbolon/testing";
import { describe } from "vitest";
import { simulationHolds } from "./seed-suite.ts";

describe("S1 S2 S3 S4 S5 S6 S7 S8: the server, simulated whole", () => {
  simulationHolds(serverSimulation, import.meta.dirname);
});
