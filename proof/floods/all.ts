import type { Flood } from "./flood.ts";
import { longIds } from "./long-ids.ts";

export const floods: readonly Flood[] = [longIds];
