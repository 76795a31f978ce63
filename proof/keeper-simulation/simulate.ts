import { playAsTold } from "../simulation/command.ts";
import { keeper } from "./keeper.ts";
import { simulationOf } from "./simulate-keeper.ts";

process.exitCode = await playAsTold(simulationOf("simulate-keeper", keeper));
