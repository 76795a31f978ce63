import { runSuite } from "./run.ts";

/** The suite in a page that the provider serves. */
(globalThis as { runSuite?: typeof runSuite }).runSuite = runSuite;
