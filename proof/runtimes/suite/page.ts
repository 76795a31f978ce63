import { runSuite } from "./run.ts";

/** The suite in a page, which was served by the provider itself. */
(globalThis as { runSuite?: typeof runSuite }).runSuite = runSuite;
