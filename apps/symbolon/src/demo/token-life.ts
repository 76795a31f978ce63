import { systemRandom } from "../edge/random.ts";
import { newBrowser } from "./browser.ts";
import { discover, newClient, requestDemo } from "./client.ts";
import type { DemoContext } from "./context.ts";
import { obtainFirstGrant } from "./first-grant.ts";
import { refreshAndReuse } from "./refresh-and-reuse.ts";
import { obtainAndRevokeSecondGrant } from "./second-grant.ts";
import type { ReportStep } from "./steps.ts";

/** Runs the whole life of a token step by step. Throws a Failure at the first step with a wrong result. */
export async function runTokenLife(url: string, report: ReportStep): Promise<void> {
  const endpoints = await discover(url);
  const demo = await requestDemo(url);
  report({
    name: "prepare",
    request: "POST /development/demo",
    title: "A throw-away application and account",
    says: "The development server makes them for this demo.",
    shown: { client_id: demo.client_id, email: demo.email },
  });
  const [browser, client] = [newBrowser(endpoints.issuer), newClient(demo)];
  const context: DemoContext = { endpoints, demo, browser, client, random: systemRandom, report };
  const tokens = await obtainFirstGrant(context);
  await refreshAndReuse(tokens, context);
  await obtainAndRevokeSecondGrant(context);
}
