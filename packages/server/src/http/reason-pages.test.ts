import { explainReason, oauthErrors, reasons, type OAuthError, type Reason } from "@symbolon/protocol";
import Fastify from "fastify";
import { beforeAll, describe, expect, test } from "vitest";
import { describeRefusal, statusOf } from "../errors.ts";
import { plainPages } from "../../test/plain-pages.ts";
import { makeWorld, type World } from "../../test/world.ts";
import { sendProblem } from "./browser.ts";
import { unmeasuredHealth } from "./health.ts";
import { makeEdge } from "./register.ts";

const issuer = "https://id.example/tenant";
const names = Object.keys(reasons) as Reason[];
const codes = Object.keys(oauthErrors) as OAuthError[];
let world: World;
beforeAll(async () => {
  world = await makeWorld({ config: { issuer } });
});

const look = async (path: string, accept: string) => {
  const answer = await world.app.inject({ method: "GET", url: path, headers: { host: "id.example", accept } });
  return { status: answer.statusCode, type: answer.headers["content-type"], body: answer.body };
};
const pathOf = (uri: string) => new URL(uri).pathname;

describe("RFC 6749 §5.2: every error_uri leads to a page", () => {
  test.each(names)("%s", async (reason) => {
    const { error_uri } = describeRefusal({ reason }, issuer);
    expect(error_uri.startsWith(`${issuer}/errors/`)).toBe(true);
    const json = await look(pathOf(error_uri), "application/json");
    expect(json).toMatchObject({ status: 200, type: "application/json;charset=utf-8" });
    expect(JSON.parse(json.body)).toMatchObject({ error: explainReason(reason).error });
    const page = await look(pathOf(error_uri), "text/html,application/xhtml+xml");
    expect(page).toMatchObject({ status: 200, type: "text/html;charset=utf-8" });
  });
  test.each(names)("%s has a page of its own name, for readers of the log", async (reason) => {
    const { message, remedy, clause, open } = explainReason(reason);
    const { body } = await look(`/tenant/errors/${reason}`, "*/*");
    expect(JSON.parse(body)).toEqual({
      name: reason,
      error: explainReason(reason).error,
      status: statusOf({ reason }),
      says: message,
      remedy,
      clause,
      open,
    });
  });
  test.each(codes)("the page of the code %s lists its reasons", async (code) => {
    const { causes } = JSON.parse((await look(`/tenant/errors/${code}`, "*/*")).body);
    const covered = names.filter((name) => explainReason(name).error === code);
    const own = Object.hasOwn(reasons, code);
    if (!own) expect(causes.map(({ name }: { name: string }) => name)).toEqual(covered);
    for (const { href } of causes ?? []) expect((await look(href, "*/*")).status).toBe(200);
  });
  test.each(["none", "__proto__", "constructor", "toString", "Invalid_Grant", "invalid_grant%00", ""])(
    "answers 404 to %j",
    async (name) => expect((await look(`/tenant/errors/${name}`, "*/*")).status).toBe(404),
  );
});

describe("RFC 6749 §5.2: answers name open reasons, not closed ones", () => {
  test.each(names.filter((name) => !explainReason(name).open))("%s is not in the answer", (reason) => {
    const { error, message } = explainReason(reason);
    const body = describeRefusal({ reason, parameter: "token" }, issuer);
    expect(body).toEqual({
      error,
      error_description: oauthErrors[error].message,
      error_uri: `${issuer}/errors/${error}`,
    });
    expect(JSON.stringify(body)).not.toContain(reason);
    expect(body.error_description).not.toBe(message);
    expect(statusOf({ reason })).toBe(oauthErrors[error].status);
  });
  test.each(names.filter((name) => !explainReason(name).open))("%s is not on the page", async (reason) => {
    const app = Fastify();
    const edge = makeEdge(world.deps, plainPages, unmeasuredHealth);
    app.get("/", (_request, reply) => sendProblem(reply, reason, "token", edge));
    const { message, remedy } = explainReason(reason);
    const { body } = await app.inject("/");
    for (const hidden of [reason, message, remedy]) expect(body).not.toContain(hidden.replaceAll("'", "&#39;"));
    expect(body).toContain(oauthErrors[explainReason(reason).error].message);
  });
  test("closed reasons of one code have the same answer", () => {
    for (const code of codes) {
      const bodies = names
        .filter((name) => !explainReason(name).open && explainReason(name).error === code)
        .map((reason) => JSON.stringify(describeRefusal({ reason }, issuer)));
      expect(new Set(bodies).size).toBeLessThanOrEqual(1);
    }
  });
  test.each(names.filter((name) => explainReason(name).open))("%s is in the answer", (reason) => {
    const { error, message } = explainReason(reason);
    expect(describeRefusal({ reason }, issuer)).toEqual({
      error,
      error_description: message,
      error_uri: `${issuer}/errors/${reason}`,
    });
    expect(describeRefusal({ reason, parameter: "scope" }, issuer).error_description).toBe(`${message} (scope)`);
  });
});

describe("RFC 6749 §4.1.2.1, §5.2: the characters of error, description and URI", () => {
  test.each(names)("%s uses allowed characters only", (reason) => {
    const { error, error_description, error_uri } = describeRefusal(
      { reason, parameter: "code_challenge_method" },
      issuer,
    );
    expect(error).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
    expect(error_description).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
    expect(error_uri).toMatch(/^[\x21\x23-\x5b\x5d-\x7e]+$/);
  });
  test("every status is one of those documented", () => {
    for (const reason of names)
      expect([400, 401, 403, 404, 405, 409, 410, 408, 413, 415, 417, 412, 421, 422, 428, 429, 431, 500, 503]).toContain(
        statusOf({ reason }),
      );
  });
});
