import { createHash } from "node:crypto";
import { Failure } from "../command/failure.ts";
import type { Random } from "@symbolon/server";
import type { DemoCredentials } from "../serve/demo-registration.ts";
import type { Browser, Visit } from "./browser.ts";
import type { Endpoints } from "./client.ts";
import { headingOf, readForms, type PageForm } from "./page.ts";

/** One authorization request, and what the application must remember of it. @see RFC 6749 §4.1.1, RFC 7636 §4 */
export type Attempt = { url: URL; state: string; verifier: string; redirectUri: string };

export function newAttempt(endpoints: Endpoints, demo: DemoCredentials, random: Random): Attempt {
  const word = (): string => Buffer.from(random(32)).toString("base64url");
  const [state, verifier] = [word(), word()];
  const url = new URL(endpoints.authorization);
  const parameters = {
    response_type: "code",
    client_id: demo.client_id,
    redirect_uri: demo.redirect_uri,
    state,
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return { url, state, verifier, redirectUri: demo.redirect_uri };
}

/** Fills in the sign-in page. */
export async function signIn(visit: Visit, demo: DemoCredentials, browser: Browser): Promise<Visit> {
  const form = formWith(visit, "password", "sign-in page");
  const next = await browser.post(
    form.url,
    new Map([...form.fields, ["email", demo.email], ["password", demo.password]]),
  );
  if (asksToSignIn(next)) throw new Failure("The sign-in page came back, although email and password are right.");
  return next;
}

export const asksToSignIn = (visit: Visit): boolean =>
  visit.at === "page" && readForms(visit.html).some(({ names }) => names.includes("password"));

/** Says Allow on the consent page, for the first resource where there are several. */
export async function allow(visit: Visit, browser: Browser): Promise<Visit> {
  const form = formWith(visit, "decision", "consent page");
  const [first] = form.radios;
  const picked: [string, string][] = first === undefined ? [] : [[first.name, first.value]];
  return await browser.post(form.url, new Map([...form.fields, ...picked, ["decision", "allow"]]));
}

/** The code in the answer, once `state` and `iss` are ours. @see RFC 6749 §10.12, RFC 9207 §2.4 */
export function readCode(visit: Visit, attempt: Attempt, endpoints: Endpoints): string {
  if (visit.at === "page")
    throw new Failure(
      `Expected the browser to be back at the application, but it shows "${headingOf(visit.html)}" (${visit.status}).`,
    );
  const { searchParams } = visit.url;
  if (!visit.url.href.startsWith(attempt.redirectUri))
    throw new Failure("The answer went to another address than the one registered.");
  if (searchParams.get("state") !== attempt.state)
    throw new Failure("The answer does not carry the state that was sent.");
  if (searchParams.get("iss") !== endpoints.issuer) throw new Failure("The answer does not name the issuer.");
  const code = searchParams.get("code");
  if (code === null) throw new Failure(`The answer has no code: ${searchParams.get("error") ?? "no error either"}.`);
  return code;
}

function formWith(visit: Visit, field: string, what: string): Omit<PageForm, "action"> & { url: URL } {
  const form = visit.at === "page" ? readForms(visit.html).find(({ names }) => names.includes(field)) : undefined;
  if (visit.at !== "page" || form === undefined) {
    const found =
      visit.at === "page" ? `a page "${headingOf(visit.html)}" (${visit.status})` : "an answer to the application";
    throw new Failure(`Expected the ${what}, and got ${found}.`);
  }
  return { ...form, url: new URL(form.action, visit.url) };
}
