import { explainReason, oauthErrors, reasons, type OAuthError, type Reason } from "@symbolon/protocol";
import Fastify from "fastify";
import { beforeAll, describe, expect, test } from "vitest";
import type { ProblemView, ReasonView } from "../views.ts";
import { plainPages } from "../../test/plain-pages.ts";
import { makeWorld, type World } from "../../test/world.ts";
import { sendProblem } from "./browser.ts";
import { unmeasuredHealth } from "./health.ts";
import { makeEdge } from "./register.ts";
import { sendReasonPage } from "./reason-pages.ts";
import { situationOf } from "./situations.ts";

const names = Object.keys(reasons) as Reason[];
const codes = Object.keys(oauthErrors) as OAuthError[];
let world: World;
beforeAll(async () => {
  world = await makeWorld();
});

/** The views that the server gives to the pages of problems and reasons. */
function recordViews() {
  const problems: ProblemView[] = [];
  const explained: ReasonView[] = [];
  const pages = {
    ...plainPages,
    problem: (view: ProblemView) => (problems.push(view), "problem"),
    reason: (view: ReasonView) => (explained.push(view), "reason"),
  };
  const edge = makeEdge(world.deps, pages, unmeasuredHealth);
  const app = Fastify({ genReqId: () => "the-same-id" });
  app.get("/problems/:name", (request, reply) =>
    sendProblem(reply, (request.params as { name: Reason }).name, "redirect_uri", edge),
  );
  app.get("/errors/:name", (request, reply) => sendReasonPage(request, reply, edge));
  const get = (url: string) => app.inject({ url, headers: { accept: "text/html" } });
  return { problems, explained, get };
}

describe("A page has a situation for the person, and the exact reason for developers", () => {
  test.each(names)("the problem page of %s", async (name) => {
    const { problems, get } = recordViews();
    await get(`/problems/${name}`);
    const [{ situation, reason }] = problems as [ProblemView];
    const { open, message: exact, remedy, error } = explainReason(name);
    expect(situation).toBe(situationOf(open ? name : error));
    expect(reason).toMatchObject(
      open
        ? { name, message: `${exact} (redirect_uri)`, remedy }
        : { name: error, message: oauthErrors[error].message, remedy: "" },
    );
  });

  test.each([...names, ...codes])("the page at error_uri of %s", async (name) => {
    const { explained, get } = recordViews();
    await get(`/errors/${name}`);
    const [{ situation, message }] = explained as [ReasonView];
    expect(situation).toMatch(/^[a-z]+(?:_[a-z]+)*$/);
    expect(message).not.toBe("");
  });

  test("CA-12, TK-05: closed reasons of one code have the same words on the problem page", async () => {
    for (const code of codes) {
      const { problems, get } = recordViews();
      for (const name of names.filter((one) => !explainReason(one).open && explainReason(one).error === code))
        await get(`/problems/${name}`);
      expect(new Set(problems.map((view) => JSON.stringify(view))).size).toBeLessThanOrEqual(1);
    }
  });
});
