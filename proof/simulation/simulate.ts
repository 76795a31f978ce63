import { serverSimulation } from "@symbolon/testing";
import { playAsTold } from "./command.ts";

process.exitCode = await playAsTold(serverSimulation);
