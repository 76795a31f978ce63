import { describe } from "vitest";
import { simulationHolds } from "../simulation/seed-suite.ts";
import { keeper } from "./keeper.ts";
import { simulationOf } from "./simulate-keeper.ts";

describe("B11 I1 I2 I3 I4 I5, C-01 to C-13: the keeper in a simulation with dying processes, stalling stores, wrong clocks and lost answers", () => {
  simulationHolds(simulationOf("simulate-keeper", keeper), import.meta.dirname);
});
