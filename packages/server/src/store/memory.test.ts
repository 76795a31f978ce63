import { describeStoreContract } from "@symbolon/testing";
import { memoryStore } from "./memory.ts";

describeStoreContract("in memory", memoryStore);
