import { describe, expect, test } from "vitest";
import { authorizationReasons } from "./reasons/authorization.ts";
import { bearerReasons } from "./reasons/bearer.ts";
import { clientAuthenticationReasons } from "./reasons/client-authentication.ts";
import { grantReasons } from "./reasons/grants.ts";
import { limitAndFaultReasons } from "./reasons/limits-and-faults.ts";
import { managementReasons } from "./reasons/management.ts";
import { requestReasons } from "./reasons/request.ts";
import { tokenRequestReasons } from "./reasons/token-request.ts";
import { explainReason, oauthErrors, reasons, type Reason } from "./reasons.ts";
import { ok, refuse } from "./result.ts";

const names = Object.keys(reasons) as Reason[];

describe("RFC 6749 §5.2: error answers", () => {
  test.each(names)("%s has a registered code, and a message in the allowed characters", (name) => {
    const { error, message, remedy, clause, status } = explainReason(name);
    expect(Object.keys(oauthErrors)).toContain(error);
    expect(message).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+\.$/);
    expect(remedy).toMatch(/\.$/);
    expect(clause).toMatch(/§|Appendix/);
    expect(status ?? 400).toSatisfy((code: number) => code >= 400 && code < 500);
  });

  test("no reason is in two tables", () => {
    const tables = [
      requestReasons,
      authorizationReasons,
      clientAuthenticationReasons,
      tokenRequestReasons,
      grantReasons,
      bearerReasons,
      managementReasons,
      limitAndFaultReasons,
    ];
    expect(tables.flatMap((table) => Object.keys(table))).toEqual(names);
  });

  test("error codes consist of lower-case letters and underscores", () => {
    for (const error of Object.keys(oauthErrors)) expect(error).toMatch(/^[a-z_]+$/);
  });

  test("invalid_client is 401, every other refusal of the token endpoint 400", () => {
    expect(oauthErrors.invalid_client.status).toBe(401);
    for (const error of [
      "invalid_request",
      "invalid_grant",
      "unauthorized_client",
      "unsupported_grant_type",
      "invalid_scope",
      "invalid_target",
    ] as const)
      expect(oauthErrors[error].status).toBe(400);
  });
});

describe("reasons that would tell an attacker something are closed", () => {
  test.each([
    "client_unknown",
    "client_secret_wrong",
    "client_secret_missing",
    "client_suspended",
    "token_not_ours",
    "grant_unknown",
    "grant_revoked",
    "grant_expired",
    "binding_mismatch",
    "owner_suspended",
    "code_expired",
    "code_replayed",
    "code_guessed",
    "verifier_wrong",
    "redirect_uri_mismatch",
    "refresh_token_reuse",
    "refresh_token_late_retry",
  ] as const)("CA-14, TK-05: %s is closed", (name) => expect(explainReason(name).open).toBe(false));

  test("CA-12: an unknown client and a wrong secret have the same code", () =>
    expect(explainReason("client_unknown").error).toBe(explainReason("client_secret_wrong").error));
});

test("a refusal has a parameter only if one is given", () => {
  expect(refuse("scope_malformed", "scope")).toEqual({ ok: false, reason: "scope_malformed", parameter: "scope" });
  expect(refuse("verifier_wrong")).toStrictEqual({ ok: false, reason: "verifier_wrong" });
  expect(ok(1)).toEqual({ ok: true, value: 1 });
});
