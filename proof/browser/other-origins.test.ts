import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { routes, type Route } from "@symbolon/server";
import { password } from "../harness/registration.ts";
import { startPageApplication, type PageApplication } from "./page-application.ts";
import { setStage, type Stage } from "./stage.ts";
import { desktop, visit } from "./visit.ts";

let stage: Stage;
let application: PageApplication;
let page: Page;
/** A browser that is signed in at the server, and now shows a page of another origin. */
beforeAll(async () => {
  [stage, application] = await Promise.all([setStage(), startPageApplication()]);
  ({ page } = await visit(stage.browser, { ...desktop, ignoreHTTPSErrors: true }));
  await page.goto(stage.startAuthorization().url);
  await page.getByLabel("Email").fill(stage.simple);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("button", { name: "Allow" }).waitFor();
}, 60_000);
afterAll(async () => {
  await stage.close();
  await application.close();
});

type Asked = { url: string; method: string; credentials: RequestCredentials; mode?: RequestMode; headers?: string[][] };

/** What a script of the page learns: a status, or the name of the error if the browser hides the answer. */
const ask = (asked: Asked): Promise<number | string> =>
  page.evaluate(async ({ url, ...init }) => {
    const form = init.method === "POST" ? { body: new URLSearchParams({ token: "x", grant_type: "x" }) } : {};
    return await fetch(url, { ...init, ...form, headers: (init.headers ?? []) as [string, string][] }).then(
      ({ status }) => status,
      (error: Error) => error.name,
    );
  }, asked);

const rows = Object.entries<Route>(routes);
const methodOf = (route: Route): string => ("GET" in route ? "GET" : "POST");
const urlOf = ({ path }: Route): string =>
  stage.server.url + path.replace("{base}", "").replace(":name", "invalid_grant");

/** A page of another port is of the same site, so that the browser sends it the cookies of the server. */
const places: Record<string, () => Promise<unknown>> = {
  "another site": () => page.goto(application.origins.localhost),
  "the same site": () => page.goto(application.origins.localhost.replace("localhost", "127.0.0.1")),
};

describe.each(Object.entries(places))("a script in a page of %s, in a browser that is signed in", (_, show) => {
  beforeAll(async () => void (await show()));

  test.each(rows)(
    "WB-18: reads %s without cookies only if its row in the routes table has CORS",
    async (_name, route) => {
      const url = urlOf(route);
      const method = methodOf(route);
      const learned = await ask({ url, method, credentials: "omit" });
      expect(learned).toEqual(route.cors ? expect.any(Number) : "TypeError");
      const withHeaders = await ask({ url, method, credentials: "omit", headers: [["authorization", "Bearer x"]] });
      expect(withHeaders).toEqual(route.cors ? expect.any(Number) : "TypeError");
    },
  );

  test.each(rows)("HT-18: reads no answer of %s to a request with cookies", async (_name, route) => {
    const url = urlOf(route);
    for (const headers of [[], [["authorization", "Bearer x"]]])
      expect(await ask({ url, method: methodOf(route), credentials: "include", headers })).toBe("TypeError");
    expect(await ask({ url, method: methodOf(route), credentials: "include", mode: "no-cors" })).toBe(0);
  });

  test.each(rows.filter(([, { cors }]) => cors))(
    "may not send other headers or methods to %s",
    async (_name, route) => {
      const url = urlOf(route);
      expect(await ask({ url, method: methodOf(route), credentials: "omit", headers: [["x-a", "b"]] })).toBe(
        "TypeError",
      );
      expect(await ask({ url, method: "DELETE", credentials: "omit" })).toBe("TypeError");
    },
  );
});

test("a browser does send the cookies for a page of the same site", async () => {
  const sent: string[] = [];
  const session = await page.context().newCDPSession(page);
  session.on("Network.requestWillBeSentExtraInfo", ({ headers }) => sent.push(headers["Cookie"] ?? ""));
  await session.send("Network.enable");
  await places["the same site"]!();
  sent.length = 0;
  await ask({ url: urlOf(routes.tokenInfo), method: "GET", credentials: "include" });
  await expect.poll(() => sent.join()).toContain("symbolon-session");
});

describe("a script in a sandboxed frame, whose origin is null", () => {
  test("HT-18: reads the metadata, and no page", async () => {
    await page.goto(application.origins.localhost);
    const heard = await page.evaluate(
      async (urls) => {
        const frame = document.createElement("iframe");
        frame.setAttribute("sandbox", "allow-scripts");
        frame.srcdoc = `<script>
          const ask = (url) => fetch(url, { credentials: "omit" }).then(({ status }) => status, (error) => error.name);
          Promise.all(${JSON.stringify(urls)}.map(ask)).then((heard) => parent.postMessage([origin, ...heard], "*"));
        </script>`;
        const answer = new Promise((resolve) => addEventListener("message", ({ data }) => resolve(data)));
        document.body.append(frame);
        return await answer;
      },
      [urlOf(routes.metadata), urlOf(routes.signIn), urlOf(routes.health)],
    );
    expect(heard).toEqual(["null", 200, "TypeError", "TypeError"]);
  });
});
