import { createHash } from "node:crypto";
import { Failure } from "../command/failure.ts";
import type { Random } from "@symbolon/server";
import type { DemoCredentials } from "../serve/demo-registration.ts";
import type { Browser, Visit } from "./browser.ts";
import type { Endpoints } from "./client.ts";
import { headingOf, readForms, type PageForm } from "./page.ts";

/** An authorization request and what the application keeps for its response. @see RFC 6749 §4.1.1, RFC 7636 §4 */
export type Attempt = { url: URL; state: string; verifier: string; redirectUri: string };

export function newAttempt(endpoints: Endpoints, demo: DemoCredentials, random: Random): Attempt {
  const randomText = (): string => Buffer.from(random(32)).toString("base64url");
  const [state, verifier] = [randomText(), randomText()];
  const url = new URL(endpoints.authorization);
  const parameters = {
    response_type: "code",
    client_id: demo.client_id,
    redirect_uri: demo.redirect_uri,
    state,
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
    prompt: "consent", // an interrupted demo leaves a grant, for which consent is not asked again
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
  if (asksToSignIn(next)) throw new Failure("The sign-in page appeared again although e-mail and password are right.");
  return next;
}

export const asksToSignIn = (visit: Visit): boolean =>
  visit.at === "page" && readForms(visit.html).some(({ names }) => names.includes("password"));

/** Allows access on the consent page, to the first resource if there are several. */
export async function allow(visit: Visit, browser: Browser): Promise<Visit> {
  const form = formWith(visit, "decision", "consent page");
  const [first] = form.radios;
  const picked: [string, string][] = first === undefined ? [] : [[first.name, first.value]];
  return await browser.post(form.url, new Map([...form.fields, ...picked, ["decision", "allow"]]));
}

/** The code of the response, after its `state` and `iss` were checked. @see RFC 6749 §10.12, RFC 9207 §2.4 */
export function readCode(visit: Visit, attempt: Attempt, endpoints: Endpoints): string {
  if (visit.at === "page")
    throw new Failure(
      `The browser must be back at the application, but shows "${headingOf(visit.html)}" (${visit.status}).`,
    );
  const { searchParams } = visit.url;
  if (!visit.url.href.startsWith(attempt.redirectUri))
    throw new Failure("The response went to another URL than the registered redirect URI.");
  if (searchParams.get("state") !== attempt.state)
    throw new Failure("The response does not have the state that was sent.");
  if (searchParams.get("iss") !== endpoints.issuer) throw new Failure("The response does not have the issuer in iss.");
  const code = searchParams.get("code");
  if (code === null)
    throw new Failure(`The response has no code; its error is ${searchParams.get("error") ?? "missing, too"}.`);
  return code;
}

function formWith(visit: Visit, field: string, what: string): Omit<PageForm, "action"> & { url: URL } {
  const form = visit.at === "page" ? readForms(visit.html).find(({ names }) => names.includes(field)) : undefined;
  if (visit.at !== "page" || form === undefined) {
    const found =
      visit.at === "page" ? `a page "${headingOf(visit.html)}" (${visit.status})` : "a response to the application";
    throw new Failure(`Expected the ${what}, and got ${found}.`);
  }
  return { ...form, url: new URL(form.action, visit.url) };
}
