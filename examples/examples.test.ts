import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeDataDirectory } from "../proof/harness/data-directory.ts";
import { addAccount, addApplication, addResourceServer } from "../proof/harness/registration.ts";
import { ScriptedBrowser } from "../proof/harness/scripted-browser.ts";
import { startServer, type ServerProcess } from "../proof/harness/server.ts";
import { authorizationUrl, codeFromRedirect } from "./authorize.ts";
import { clientCredentials } from "./client-credentials.ts";
import type { Credentials } from "./credentials.ts";
import { discover } from "./discover.ts";
import { explainError } from "./errors.ts";
import { isReady } from "./health.ts";
import { introspect, introspectBatch } from "./introspect.ts";
import { redeemCode } from "./redeem-a-code.ts";
import { refresh } from "./refresh.ts";
import { revoke } from "./revoke.ts";
import { tokenInfo } from "./token-info.ts";

const data = makeDataDirectory();
const redirectUri = "https://app.example/cb";
const asPrinted = ({ id, secret }: { id: string; secret: string }): Credentials => ({
  client_id: id,
  client_secret: secret,
});
let server: ServerProcess;
let application: Credentials;
let resourceServer: Credentials;

beforeAll(async () => {
  server = await startServer(data);
  application = asPrinted(await addApplication(data));
  resourceServer = asPrinted(await addResourceServer(data));
  await addAccount(data, "ada@example.com", ["Company/0d0f6a52-1111-4c1a-9a3e-000000000001"]);
});

afterAll(async () => {
  await server.stop();
  data.remove();
});

async function connect() {
  const { issuer } = await discover(server.issuer);
  const { url, verifier, state } = await authorizationUrl(issuer, application.client_id, redirectUri, "payroll:read");
  const browser = new ScriptedBrowser(server.send, [server.url]);
  const back = await browser.allow(url, { email: "ada@example.com" });
  return await redeemCode(issuer, application, codeFromRedirect(back.href, issuer, state), verifier);
}

describe("the examples of the documentation, against a real server", () => {
  test("a user connects, and the tokens have the requested scope", async () => {
    const tokens = await connect();
    const info = await tokenInfo(server.issuer, tokens.access_token);
    expect(info).toMatchObject({
      scope: "payroll:read",
      resource: { type: "Company" },
      resource_owner: { type: "Account" },
    });
    expect(await introspect(server.issuer, resourceServer, tokens.access_token)).toMatchObject({
      active: true,
      username: "ada@example.com",
    });
  });

  test("a repeated refresh returns the same tokens, and a revoked grant is inactive", async () => {
    const tokens = await connect();
    const lost = await refresh(server.issuer, application, tokens.refresh_token);
    const again = await refresh(server.issuer, application, tokens.refresh_token);
    expect(again.refresh_token).toBe(lost.refresh_token);
    expect(await revoke(server.issuer, application, again.refresh_token)).toBe(true);
    expect(await introspectBatch(server.issuer, resourceServer, [again.access_token, tokens.access_token])).toEqual([
      { active: false },
      { active: false },
    ]);
    await expect(tokenInfo(server.issuer, again.access_token)).rejects.toThrow("invalid_token");
  });

  test("a client gets a token for itself", async () => {
    const token = await clientCredentials(server.issuer, application, "employees:read");
    expect(token).not.toHaveProperty("refresh_token");
    expect(await introspect(server.issuer, resourceServer, token.access_token)).toMatchObject({
      active: true,
      sub: application.client_id,
    });
  });

  test("an error links to its remedy", async () => {
    const error = await refresh(server.issuer, application, "sym_rt_nonsense");
    expect(error.error).toBe("invalid_grant");
    expect((await explainError(error)).remedy).toContain("token explain");
  });

  test("the server is ready", async () => {
    expect(await isReady(server.url)).toBe(true);
  });
});
