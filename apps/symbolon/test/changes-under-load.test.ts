import { expect, test } from "vitest";
import { systemClock } from "../src/edge/clock.ts";
import { systemRandom } from "../src/edge/random.ts";
import { withNewKey } from "../src/keyring/format.ts";
import { changeKeyringFile } from "../src/keyring/keyring-file.ts";
import { freePort, runJson, startServer } from "./start-server.ts";
import { clientOf, obtainTokens, refreshRequest, tokenRequest, useToken } from "./token-life.ts";

const rotations = 4;
/** Servers look at the file once a second; the tests do not wait the whole minute that `keys rotate` gives them. */
const leadSeconds = 3;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test("R-28: two servers under load refuse no token and no client while keys, secrets and registrations change", async () => {
  const first = await startServer();
  const demo = first.demo!;
  const port = await freePort();
  const second = await startServer({
    data: first.data,
    port,
    args: ["--issuer", first.url],
    env: { SYMBOLON_HOSTS: `localhost:${port}` },
  });
  const servers = [first, second];
  const client = { ...demo };
  const failures: string[] = [];
  let served = 0;
  let isOver = false;
  const holders = await Promise.all(Array.from({ length: 3 }, () => obtainTokens(first, demo)));
  const working = holders.map(async ({ access_token, refresh_token }) => {
    let [access, refresh] = [access_token, refresh_token];
    for (let turn = 0; !isOver; turn++) {
      const server = servers[turn % 2]!;
      const answer = await refreshRequest(server, client, refresh);
      if (answer.status !== 200) return void failures.push(`refresh: ${JSON.stringify(answer)}`);
      [access, refresh] = [String(answer.body["access_token"]), String(answer.body["refresh_token"])];
      for (const at of servers)
        if ((await useToken(at, access)) !== 200) failures.push("a new access token was refused");
      if ((await tokenRequest(server, clientOf(client), { grant_type: "client_credentials" })).status !== 200)
        failures.push("the client was refused");
      served++;
    }
  });
  for (let rotation = 0; rotation < rotations; rotation++) {
    await changeKeyringFile(first.data, (ring) => {
      const { keyring, key } = withNewKey(ring, systemClock, systemRandom);
      const activeFrom = Math.floor(systemClock.epochMs() / 1000) + leadSeconds;
      return {
        keyring: { ...keyring, keys: keyring.keys.map((one) => (one.id === key.id ? { ...one, activeFrom } : one)) },
        answer: null,
      };
    });
    const { client_secret: secret } = await runJson<{ client_secret: string }>(
      ["app", "rotate-secret", demo.client_id],
      { data: first.data },
    );
    client.client_secret = secret;
    await runJson(["account", "create", "--email", `person-${rotation}@example.com`, "--password-stdin"], {
      data: first.data,
      input: "correct horse battery",
    });
    await pause(leadSeconds * 1000);
  }
  isOver = true;
  await Promise.all(working);
  expect(failures).toEqual([]);
  expect(served).toBeGreaterThan(rotations);
  for (const server of servers) expect((await server.stop()).code).toBe(0);
}, 120_000);
