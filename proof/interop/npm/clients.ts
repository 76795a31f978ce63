import type { Row } from "../../foreign/record.ts";
import type { Place } from "../place.ts";
import { arctic } from "./arctic.ts";
import { badgateway } from "./badgateway.ts";
import { grant } from "./grant.ts";
import { mcpSdk } from "./mcp-sdk.ts";
import { runNpmClient, type NpmClient } from "./npm-client.ts";
import { oidcClientTs } from "./oidc-client-ts.ts";
import { openidClient } from "./openid-client.ts";
import { passportOAuth2 } from "./passport-oauth2.ts";
import { simpleOAuth2 } from "./simple-oauth2.ts";

export const npmClients: readonly NpmClient[] = [
  badgateway,
  mcpSdk,
  arctic,
  grant,
  oidcClientTs,
  openidClient,
  passportOAuth2,
  simpleOAuth2,
];

export async function runNpmClients(place: Place): Promise<Row[]> {
  const rows: Row[] = [];
  for (const client of npmClients) rows.push(...(await runNpmClient(client, place)));
  return rows;
}
