import { randomBytes, randomUUID } from "node:crypto";
import { join } from "node:path";
import { roomyDatabase } from "../peers/durable-database.ts";
import { oauth2Schema } from "../peers/oauth2-model.ts";
import { newClients } from "./oidc-provider.ts";
import {
  codeChallenge,
  daySeconds,
  redirectUri,
  scope,
  stepOf,
  writeClients,
  writeTokens,
  type Amounts,
  type Tokens,
} from "./seed.ts";

/** Rows as the model would save them, because the library makes tokens only in requests. */
export function seedOauth2Server(directory: string, amounts: Amounts): void {
  const database = roomyDatabase(join(directory, "oauth2.sqlite"));
  database.exec(oauth2Schema);
  const clients = newClients();
  const step = stepOf(amounts);
  const expiresAt = Date.now() + 2 * daySeconds * 1000;
  const inUse: Tokens["inUse"][number][] = [];
  const codes: Tokens["codes"][number][] = [];
  const saveToken = database.prepare("INSERT INTO tokens VALUES (?, ?, ?, ?, ?, ?, ?)");
  const saveCode = database.prepare("INSERT INTO codes VALUES (?, ?, ?, ?, ?, ?, ?)");
  const applicationFor = (index: number) => (index * 7) % clients.applications.length;
  const newToken = () => randomBytes(32).toString("hex");

  database.exec("BEGIN");
  for (let index = 0; index < amounts.grants; index++) {
    const [access, refresh, application] = [newToken(), newToken(), applicationFor(index)];
    saveToken.run(access, expiresAt, refresh, expiresAt, clients.applications[application]!.id, randomUUID(), scope);
    if (index % step === 0) inUse.push({ access, refresh, application });
  }
  for (let index = 0; index < amounts.codes; index++) {
    const [code, application] = [newToken(), applicationFor(index)];
    saveCode.run(
      code,
      expiresAt,
      codeChallenge,
      redirectUri,
      clients.applications[application]!.id,
      randomUUID(),
      scope,
    );
    codes.push({ code, application });
  }
  database.exec("COMMIT");
  database.close();
  writeClients(directory, clients);
  writeTokens(directory, { inUse, codes });
}
