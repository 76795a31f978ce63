import type { Flood } from "./flood.ts";
import { keepAlive } from "./keep-alive.ts";
import { longIds } from "./long-ids.ts";
import { signIns } from "./sign-ins.ts";
import { silentConsents } from "./silent-consents.ts";
import { wrongSecrets } from "./wrong-secrets.ts";

export const floods: readonly Flood[] = [longIds, keepAlive, wrongSecrets, signIns, silentConsents];
