import type { Random } from "@symbolon/server";
import type { DemoCredentials } from "../serve/demo-registration.ts";
import type { Browser } from "./browser.ts";
import type { Answer, Client, Endpoints } from "./client.ts";
import type { ReportStep } from "./steps.ts";

/** What every stage of the demo uses. */
export type DemoContext = {
  endpoints: Endpoints;
  demo: DemoCredentials;
  browser: Browser;
  client: Client;
  random: Random;
  report: ReportStep;
};

export const requestToken = ({ client, endpoints }: DemoContext, form: Record<string, string>): Promise<Answer> =>
  client.post(endpoints.token, form);

export const introspect = ({ client, endpoints }: DemoContext, token: string): Promise<Answer> =>
  client.post(endpoints.introspection, { token });
