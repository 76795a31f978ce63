import { kinds, newStage } from "./stages.ts";
import { describeKeeperStore } from "./store-contract.ts";

for (const kind of kinds) describeKeeperStore(kind, () => newStage(kind));
