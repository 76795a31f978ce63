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

type Explanation = {
  kind: string;
  good: boolean;
  reason?: string;
  remedy?: string;
  note?: string | null;
  place: string | null;
  grant: { id: string; state: string } | null;
  key: { id: number; genuine: boolean };
};
const explain = (token: string) => runJson<Explanation>(["token", "explain", token], { data: server.data });
const here = () => ({ data: server.data });

describe("token explain", () => {
  test("a good access token: kind, key, grant, generation, application, end", async () => {
    const { access_token } = await obtainTokens(server, demo);
    expect(await explain(access_token)).toMatchObject({
      kind: "access",
      good: true,
      key: { id: 1, genuine: true },
      generation: 1,
      client_id: demo.client_id,
      issued_at: expect.any(Number),
      expires_at: expect.any(Number),
      grant: { state: "active", client_id: demo.client_id, resource: expect.stringMatching(/^Company\//) },
    });
    const { stdout } = await runSymbolon(["token", "explain", access_token], here());
    expect(stdout).toContain("this is      an access token");
    expect(stdout).toContain("It would be accepted.");
    expect(stdout).not.toContain(access_token);
  });

  test("does not count as a use: a refresh token still returns its successor after it was explained", async () => {
    const { refresh_token } = await obtainTokens(server, demo);
    expect(await explain(refresh_token)).toMatchObject({ kind: "refresh", good: true, place: "head" });
    const second = await refreshRequest(server, demo, refresh_token);
    expect(await explain(String(second.body["access_token"]))).toMatchObject({ good: true });
    expect(await explain(refresh_token)).toMatchObject({
      good: true,
      place: "predecessor",
      note: expect.stringContaining("same successor"),
    });
    expect((await refreshRequest(server, demo, refresh_token)).body["refresh_token"]).toBe(
      second.body["refresh_token"],
    );
  });

  test("explains a refresh token of an older generation, with the remedy", async () => {
    const { refresh_token } = await obtainTokens(server, demo);
    const second = await refreshRequest(server, demo, refresh_token);
    await refreshRequest(server, demo, String(second.body["refresh_token"]));
    const explained = await explain(refresh_token);
    expect(explained).toMatchObject({
      good: false,
      reason: "refresh_token_reuse",
      place: "ancestor",
      grant: { state: "active" },
    });
    expect(explained.remedy).toContain("newest refresh token");
  });

  test("explains a redeemed code and a token of a revoked grant", async () => {
    const tokens = await obtainTokens(server, demo);
    expect(await explain(tokens.code)).toMatchObject({ kind: "code", good: false, reason: "code_replayed" });
    const { grant } = await explain(tokens.access_token);
    await runJson(["grant", "revoke", grant!.id], here());
    expect(await explain(tokens.access_token)).toMatchObject({
      good: false,
      reason: "grant_revoked",
      grant: { state: "revoked" },
    });
    const { code, stdout } = await runSymbolon(["token", "explain", tokens.refresh_token], here());
    expect(code).toBe(0);
    expect(stdout).toMatch(/state +revoked \S+: revoked by operator/);
    expect(stdout).toContain("It would be refused with invalid_grant (grant_revoked");
  });

  test("reports a wrong signature for one altered character", async () => {
    const { access_token } = await obtainTokens(server, demo);
    const last = access_token.endsWith("A") ? "B" : "A";
    expect(await explain(access_token.slice(0, -1) + last)).toMatchObject({
      kind: "access",
      good: false,
      reason: "token_not_ours",
      key: { genuine: false },
    });
  });

  test("reports a text that is no token", async () => {
    expect(await explain("ghp_0123456789")).toMatchObject({
      kind: null,
      good: false,
      reason: "token_not_ours",
      remedy: expect.stringContaining("keys list"),
    });
  });

  test("reads the token from stdin, which keeps it out of the shell's history", async () => {
    const { refresh_token } = await obtainTokens(server, demo);
    const { code, stdout } = await runSymbolon(["token", "explain", "-", "--json"], {
      ...here(),
      input: `${refresh_token}\n`,
    });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ kind: "refresh", good: true });
    const empty = await runSymbolon(["token", "explain", "-"], { ...here(), input: "" });
    expect(empty).toMatchObject({ code: 2, stderr: expect.stringContaining("no token on stdin") });
  });
});

describe("grant list --account", () => {
  test("lists the grants of the account, by e-mail address or sub, and of no other", async () => {
    await obtainTokens(server, demo);
    const account = ["account", "create", "--email", "other@example.com", "--password-stdin"];
    await runJson(account, { ...here(), input: "correct horse battery staple" });
    const list = async (name: string) =>
      (await runJson<{ grants: { owner: string }[] }>(["grant", "list", "--account", name], here())).grants;
    const grants = await list(demo.email);
    const { owner } = grants[0]!;
    expect(new Set(grants.map((grant) => grant.owner))).toEqual(new Set([owner]));
    expect(await list(owner)).toEqual(grants);
    expect(await list("other@example.com")).toEqual([]);
    expect((await runSymbolon(["grant", "list", "--account", "no@example.com"], here())).stderr).toContain(
      "There is no account no@example.com.",
    );
  });
});

describe("grant list, show and revoke", () => {
  test("revokes every token at once, and shows time and reason", async () => {
    const tokens = await obtainTokens(server, demo);
    const { grant } = await explain(tokens.access_token);
    const { id } = grant!;
    expect(await runJson(["grant", "show", id], here())).toMatchObject({
      id,
      state: "active",
      client_id: demo.client_id,
      generation: 1,
      revoked_at: null,
    });
    expect(await useToken(server, tokens.access_token)).toBe(200);

    expect(await runJson(["grant", "revoke", id], here())).toEqual({ id, state: "revoked", changed: true });
    expect(await useToken(server, tokens.access_token)).toBe(401);
    expect(await refreshRequest(server, demo, tokens.refresh_token)).toMatchObject({
      status: 400,
      body: { error: "invalid_grant" },
    });
    expect(await runJson(["grant", "revoke", id], here())).toEqual({ id, state: "revoked", changed: false });
    expect(await runJson(["grant", "show", id], here())).toMatchObject({
      state: "revoked",
      revoked_because: "revoked_by_operator",
      revoked_at: expect.any(Number),
    });
    expect((await runSymbolon(["grant", "show", id], here())).stdout).toContain("revoked by operator");
  });

  test("the list is filtered by application and state, newest first, and limited", async () => {
    await obtainTokens(server, demo);
    const list = async (...flags: string[]) =>
      (await runJson<{ grants: { id: string; state: string }[] }>(["grant", "list", ...flags], here())).grants;
    const all = await list("--app", demo.client_id);
    expect(all.length).toBeGreaterThanOrEqual(2);
    expect(all.map(({ id }) => id)).toEqual(
      all
        .map(({ id }) => id)
        .sort()
        .toReversed(),
    );
    expect(await list("--limit", "1")).toEqual([all[0]]);
    expect((await list("--state", "revoked")).every(({ state }) => state === "revoked")).toBe(true);
    expect(await list("--app", "app_0000000000000000")).toEqual([]);
    expect((await runSymbolon(["grant", "list"], here())).stdout).toContain(all[0]!.id);
  });

  const refused: [string[], number, string][] = [
    [["list", "--state", "dead"], 2, "--state must be offered, active or revoked"],
    [["list", "--limit", "0"], 2, "--limit must be"],
    [["show", "nonsense"], 2, "ID must be the id of a grant"],
    [["revoke", `sym_rt_${"A".repeat(64)}`], 2, "symbolon token explain"],
    [["show", "01a20200-ec6d-7d93-b82d-95400ba20e15"], 1, "There is no grant"],
    [["revoke", "01a20200-ec6d-7d93-b82d-95400ba20e15"], 1, "There is no grant"],
  ];
  test.for(refused)("refuses grant %j", async ([args, code, says]) => {
    const result = await runSymbolon(["grant", ...args], here());
    expect(result).toMatchObject({ code, stdout: "" });
    expect(result.stderr).toContain(says);
  });
});
