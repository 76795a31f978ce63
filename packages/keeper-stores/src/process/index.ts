export { thisProcess, type KeeperProcess } from "./this-process.ts";
