import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runJson, runSymbolon, startServer, type DemoCredentials, type RunningServer } from "./start-server.ts";
import { obtainTokens, refreshRequest, useToken } from "./token-life.ts";

let server: RunningServer;
let demo: DemoCredentials;
beforeAll(async () => {
  server = await startServer();
  demo = server.demo!;
});
afterAll(async () => void (await server.stop()));

const here = (input = "") => ({ data: server.data, input });
type Explained = {
  kind: string | null;
  good: boolean;
  grant: { id: string; state: string } | null;
  key: { genuine: boolean } | null;
};
const explain = async (token: string): Promise<Explained> =>
  JSON.parse((await runSymbolon(["token", "explain", "-", "--json"], here(token))).stdout) as Explained;

/** What a scanner of secrets is told to look for. */
const shape = /sym_(?:at|rt|ac)_[A-Za-z0-9_-]{64}(?![A-Za-z0-9_-])/g;

describe("OP-07: a leaked token", () => {
  test("is found by its pattern inside any text, and nothing else is", async () => {
    const { access_token, refresh_token, code } = await obtainTokens(server, demo);
    const spill = `token=${access_token}&x=1\n"refresh":"${refresh_token}",\nhttps://a.example/?code=${code}#_ ghp_0123456789 sym_at_short sym_xx_${"A".repeat(64)} asym_at ${"A".repeat(71)}`;
    expect(spill.match(shape)).toEqual([access_token, refresh_token, code]);
  });
  test("is told from a made-up token by its MAC, without reading the database", async () => {
    const { access_token } = await obtainTokens(server, demo);
    expect(await explain(access_token)).toMatchObject({ kind: "access", good: true, key: { genuine: true } });
    expect((await explain(`sym_at_${"B".repeat(64)}`)).good).toBe(false);
    expect(await explain(access_token.slice(0, -1) + (access_token.endsWith("A") ? "B" : "A"))).toMatchObject({
      good: false,
    });
  });
  test("in a scanner's report with made-up tokens: its grant is revoked, and the output names its user", async () => {
    const tokens = await obtainTokens(server, demo);
    const other = await obtainTokens(server, demo);
    const report = `{"matches":[{"token":"${tokens.access_token}"},{"token":"${tokens.refresh_token}"},{"token":"sym_at_${"B".repeat(64)}"}]}`;
    const { grant } = await explain(tokens.access_token);
    const grants = [{ grant: grant!.id, application: demo.client_id, owner: demo.email, changed: true }];
    expect(await runJson(["token", "revoke", "-"], here(report))).toEqual({ found: 3, genuine: 2, grants });
    expect([await useToken(server, tokens.access_token), await useToken(server, other.access_token)]).toEqual([
      401, 200,
    ]);
    expect((await refreshRequest(server, demo, tokens.refresh_token)).status).toBe(400);
    expect(await runJson(["token", "revoke", "-"], here("nothing of ours: ghp_0123456789"))).toEqual({
      found: 0,
      genuine: 0,
      grants: [],
    });
    expect((await runSymbolon(["token", "revoke", tokens.access_token], here())).code).toBe(2);
  });
  test("read from stdin names its grant, and revoking that ends every token of it", async () => {
    const tokens = await obtainTokens(server, demo);
    const second = (await refreshRequest(server, demo, tokens.refresh_token)).body as {
      access_token: string;
      refresh_token: string;
    };
    const { grant } = await explain(tokens.refresh_token);
    await runJson(["grant", "revoke", grant!.id], here());
    for (const token of [tokens.access_token, second.access_token]) expect(await useToken(server, token)).toBe(401);
    for (const token of [tokens.refresh_token, second.refresh_token])
      expect((await refreshRequest(server, demo, token)).status).toBe(400);
    expect((await explain(second.refresh_token)).grant!.state).toBe("revoked");
  });
});

describe("RV-07, TK-13: the operator ends access, one grant or all of an application's, while it is refreshed", () => {
  test("of one grant does not end another grant", async () => {
    const [one, other] = [await obtainTokens(server, demo), await obtainTokens(server, demo)];
    const { grant } = await explain(one.access_token);
    const listed = await runJson<{ grants: { id: string; state: string }[] }>(
      ["grant", "list", "--app", demo.client_id],
      here(),
    );
    expect(listed.grants.find(({ id }) => id === grant!.id)).toMatchObject({ state: "active" });
    let head = one.refresh_token;
    const racing = (async () => {
      for (
        let answer = await refreshRequest(server, demo, head);
        answer.status === 200;
        answer = await refreshRequest(server, demo, head)
      )
        head = String(answer.body["refresh_token"]);
    })();
    await runJson(["grant", "revoke", grant!.id], here());
    await racing;
    expect((await refreshRequest(server, demo, head)).status).toBe(400);
    expect([await useToken(server, one.access_token), await useToken(server, other.access_token)]).toEqual([401, 200]);
  });
  test("all of an application: no client, code or token of it works", async () => {
    const app = await runJson<{ client_id: string; client_secret: string }>(
      ["app", "create", "--name", "Short-lived", "--redirect-uri", demo.redirect_uri],
      here(),
    );
    const mine = { ...demo, ...app };
    const tokens = [await obtainTokens(server, mine), await obtainTokens(server, mine)];
    expect(await runJson(["app", "delete", app.client_id], here())).toMatchObject({ deleted: true, revoked_grants: 2 });
    for (const { access_token } of tokens) expect(await useToken(server, access_token)).toBe(401);
    expect((await refreshRequest(server, mine, tokens[0]!.refresh_token)).status).toBe(401);
  });
});

describe("ST-10: the keyring", () => {
  test("ST-10: the keyring file is outside of the database", () => {
    const [key] = readFileSync(join(server.data, "keyring.json"), "utf8").match(/[A-Za-z0-9_-]{43}/g)!;
    expect(readFileSync(join(server.data, "symbolon.sqlite"), "latin1")).not.toContain(key);
  });
});
