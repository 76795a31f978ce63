import { accountCreate } from "../account/create.ts";
import { accountDelete } from "../account/delete.ts";
import { accountList } from "../account/list.ts";
import { accountPassword } from "../account/password.ts";
import { accountResume, accountSuspend } from "../account/suspend.ts";
import { adminCredentials } from "../admin/credentials.ts";
import { appCreate } from "../app/create.ts";
import { appDelete } from "../app/delete.ts";
import { appList } from "../app/list.ts";
import { appRotateSecret } from "../app/rotate-secret.ts";
import { appShow } from "../app/show.ts";
import { audit } from "../audit/audit.ts";
import { backup } from "../backup/backup.ts";
import { conformance } from "../conformance/conformance.ts";
import { demo } from "../demo/demo.ts";
import { emulate } from "../emulate/emulate.ts";
import { grantList } from "../grant/list.ts";
import { grantRevoke } from "../grant/revoke.ts";
import { grantShow } from "../grant/show.ts";
import { keeperExplain } from "../keeper/explain.ts";
import { keeperRevoke } from "../keeper/revoke.ts";
import { keeperStatus } from "../keeper/status.ts";
import { keysDrop } from "../keys/drop.ts";
import { keysList } from "../keys/list.ts";
import { keysRotate } from "../keys/rotate.ts";
import { login } from "../login/login.ts";
import { resourceServerCreate } from "../resource-server/create.ts";
import { resourceServerDelete } from "../resource-server/delete.ts";
import { resourceServerList } from "../resource-server/list.ts";
import { resourceServerRotateSecret } from "../resource-server/rotate-secret.ts";
import { restore } from "../restore/restore.ts";
import { serve } from "../serve/serve.ts";
import { tokenExplain } from "../token/explain.ts";
import { tokenRevoke } from "../token/revoke.ts";
import { token } from "../token/token.ts";
import { verify } from "../verify/verify.ts";
import type { Command } from "./command.ts";

/** Every command, in the order of --help. */
export const commands: readonly Command[] = [
  serve,
  demo,
  emulate,
  conformance,
  appCreate,
  appList,
  appShow,
  appRotateSecret,
  appDelete,
  resourceServerCreate,
  resourceServerList,
  resourceServerRotateSecret,
  resourceServerDelete,
  accountCreate,
  accountList,
  accountPassword,
  accountSuspend,
  accountResume,
  accountDelete,
  grantList,
  grantShow,
  grantRevoke,
  tokenExplain,
  tokenRevoke,
  login,
  token,
  keeperStatus,
  keeperExplain,
  keeperRevoke,
  adminCredentials,
  keysList,
  keysRotate,
  keysDrop,
  audit,
  backup,
  restore,
  verify,
];
