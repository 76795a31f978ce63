import { writeSeed } from "../seed.ts";

/** `node write-seed.ts DIRECTORY GRANTS`: a process of its own, so that its memory is not counted as a server's. */
await writeSeed(process.argv[2]!, Number(process.argv[3]));
