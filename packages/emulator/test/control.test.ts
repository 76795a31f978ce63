import { describe, expect, test } from "vitest";
import { fingerprint } from "@symbolon/emulator";
import { begin } from "./application.ts";

describe("changes to a grant through the control", () => {
  test("revoke: ends every token, and the grant has the reason", async () => {
    await using at = await begin({ profile: "lazy" });
    at.control.revoke(at.grantId);
    expect(await at.application.call(at.first.accessToken)).toBe(401);
    expect(await at.application.refresh(at.first.refreshToken)).toMatchObject({
      status: 400,
      body: { error: "invalid_grant" },
    });
    expect(at.control.grants()).toMatchObject([{ state: "ended", because: "revoked_by_user" }]);
  });

  test("suspend: refuses the application and its tokens until it is resumed", async () => {
    await using at = await begin({ profile: "strict" });
    at.control.suspend();
    expect(await at.application.refresh(at.first.refreshToken)).toMatchObject({
      status: 401,
      body: { error: "invalid_client" },
    });
    expect(await at.application.call(at.first.accessToken)).toBe(401);
    at.control.resume();
    expect(await at.application.call(at.first.accessToken)).toBe(200);
    expect((await at.application.refresh(at.first.refreshToken)).status).toBe(200);
  });

  test("narrow: the next refresh returns the narrower scope", async () => {
    await using at = await begin({ profile: "strict" });
    at.control.narrow(at.grantId, "profile");
    expect((await at.application.refreshed(at.first.refreshToken)).scope).toBe("profile");
  });

  test("rotateSecret: the old secret is invalid_client, and grants are unchanged", async () => {
    await using at = await begin({ profile: "strict" });
    const secret = at.control.rotateSecret();
    expect(await at.application.refresh(at.first.refreshToken)).toMatchObject({
      status: 401,
      body: { error: "invalid_client" },
    });
    const { clientId } = at.control.applications()[0]!;
    expect(
      (
        await at.application.post(
          "/token",
          { grant_type: "refresh_token", refresh_token: at.first.refreshToken },
          { authorization: `Basic ${btoa(`${clientId}:${secret}`)}` },
        )
      ).status,
    ).toBe(200);
  });

  test("advance: moves the clock", async () => {
    await using at = await begin({ profile: "strict" });
    at.control.advance(3599);
    expect(await at.application.call(at.first.accessToken)).toBe(200);
    at.control.advance(1);
    expect(await at.application.call(at.first.accessToken)).toBe(401);
    const { headers } = await at.application.refresh(at.first.refreshToken);
    expect(Date.parse(headers.get("date")!) / 1000, "the Date header is the emulator's time").toBe(at.control.now());
  });

  test("errors name what does not exist", async () => {
    await using at = await begin({ profile: "strict" });
    expect(() => at.control.revoke("grant_9")).toThrow("there is no grant grant_9");
    expect(() => at.control.consent({ person: "Unknown" })).toThrow("there is no person Unknown");
    expect(() => at.control.suspend("client_9")).toThrow("there is no application client_9");
  });
});

describe("the request log", () => {
  test("lists requests by operation, with the same fingerprints for secrets as the grants", async () => {
    await using at = await begin({ profile: "strict" });
    at.control.fault({ what: "drop_answer", nth: 2 });
    await at.application.refreshed(at.first.refreshToken);
    await at.application.refresh(at.first.refreshToken).catch(() => undefined);
    const log = at.control.requests("refresh_token");
    expect(log).toMatchObject([
      {
        number: 1,
        operation: "refresh_token",
        endpoint: "token",
        status: 200,
        client: at.emulated.applications[0]!.clientId,
      },
      { number: 2, status: 400, error: "invalid_grant", fault: "drop_answer" },
    ]);
    expect(log[0]!.parameters["refresh_token"]).toBe(`[${fingerprint(at.first.refreshToken)}]`);
    expect(at.control.grants()[0]!.pairs[0]!.refresh!.fingerprint).toBe(fingerprint(at.first.refreshToken));
    const report = JSON.stringify([at.control.requests(), at.control.grants()]);
    for (const secret of [at.first.refreshToken, at.first.accessToken, at.emulated.applications[0]!.clientSecret!])
      expect(report).not.toContain(secret);
  });
});

describe("masks secrets in any part of a request", () => {
  test.each(["query", "form", "json"] as const)("%s", async (place) => {
    await using at = await begin({ profile: "strict" });
    const names = [
      "token",
      "access_token",
      "refresh_token",
      "code",
      "client_secret",
      "code_verifier",
      "password",
      "client_assertion",
      "refresh_intent",
    ];
    const secrets = Object.fromEntries(names.map((name) => [name, `secret-${name}`]));
    const query = place === "query" ? `?${new URLSearchParams(secrets)}` : "";
    const body =
      place === "query" ? "" : place === "form" ? new URLSearchParams(secrets).toString() : JSON.stringify(secrets);
    const type = place === "json" ? "application/json" : "application/x-www-form-urlencoded";
    await at.emulated.fetch(`${at.emulated.url}/token${query}`, {
      method: "POST",
      headers: { "content-type": type, authorization: "secret-scheme" },
      body,
    });
    const [logged] = at.control.requests();
    expect(Object.keys(logged!.parameters).toSorted()).toEqual(names.toSorted());
    expect(JSON.stringify(logged)).not.toContain("secret-");
  });
});
