import { memoryPlace, memoryStore } from "./memory-store.ts";
import { describeKeeperStore } from "./store-contract.ts";

describeKeeperStore("memory", () => {
  const place = memoryPlace();
  return { open: () => memoryStore(place) };
});
