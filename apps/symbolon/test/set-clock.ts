import { readFileSync } from "node:fs";

/** Loaded before the server by `--import`: adds to the wall clock the seconds that a file holds. */
const path = process.env["TEST_CLOCK_FILE"]!;
const wallMs = Date.now;
Date.now = () => wallMs() + Number(readFileSync(path, "utf8")) * 1000;
