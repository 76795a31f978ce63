import { accountCreate } from "../account/create.ts";
import { appCreate } from "../app/create.ts";
import { appDelete } from "../app/delete.ts";
import { appList } from "../app/list.ts";
import { appRotateSecret } from "../app/rotate-secret.ts";
import { appShow } from "../app/show.ts";
import { serve } from "../serve/serve.ts";
import { resourceServerCreate } from "../resource-server/create.ts";
import { resourceServerList } from "../resource-server/list.ts";
import type { Command } from "./command.ts";

/** Every command there is, in the order in which --help lists them. */
export const commands: readonly Command[] = [
  serve,
  appCreate,
  appList,
  appShow,
  appRotateSecret,
  appDelete,
  resourceServerCreate,
  resourceServerList,
  accountCreate,
];
