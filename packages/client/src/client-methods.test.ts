import { afterAll, beforeAll, expect, test } from "vitest";
import { startProvider, type ScriptedProvider } from "../test/provider.ts";
import { createClient } from "./client.ts";
import { createFitbit } from "./fitbit/fitbit.ts";
import { createGusto } from "./gusto/gusto.ts";
import { symbolon } from "./profiles/symbolon.ts";

let provider: ScriptedProvider;
beforeAll(async () => void (provider = await startProvider()));
afterAll(async () => await provider.stop());

const options = () => ({ baseUrl: provider.url, clientId: "cid", clientSecret: "sec" });
const clients = [
  ["createClient", () => createClient(symbolon, options())],
  ["createGusto", () => createGusto(options())],
  ["createFitbit", () => createFitbit(options())],
] as const;

test.each(clients)("%s has the methods of every client under the same names", async (_, create) => {
  const client = create();
  expect(Object.keys(client)).toEqual(
    expect.arrayContaining([
      "authorizationUrl",
      "beginAuthorization",
      "finishAuthorization",
      "exchangeCode",
      "refresh",
      "clientCredentials",
      "keeperProvider",
    ]),
  );
  provider.reply({ body: { access_token: "AT", token_type: "Bearer" } });
  expect((await client.refresh({ refreshToken: "RT" })).accessToken.reveal()).toBe("AT");
  expect(provider.received[0]!.body).toMatch(/refresh_token/);
});

test("createGusto has the names of Gusto's SDK beside its own", async () => {
  const gusto = createGusto(options());
  expect(gusto.introspection.refreshToken).toBe(gusto.refresh);
  expect(gusto.introspection.getInfo).toBe(gusto.tokenInfo);
  expect(gusto.systemAccess).toBe(gusto.clientCredentials);
});
