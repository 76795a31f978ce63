import type { Answer, Send } from "./send.ts";
import { password } from "./registration.ts";

/**
 * A browser without a screen: keeps cookies, follows redirects within the server, fills in and posts forms. It finds
 * fields and buttons by their labels.
 */
export class ScriptedBrowser {
  readonly #cookies = new Map<string, string>();
  readonly #send: Send;
  readonly #origins: readonly string[];

  /** `origins`: the origins of the server. A redirect to another origin ends the flow. */
  constructor(send: Send, origins: readonly string[]) {
    this.#send = send;
    this.#origins = origins;
  }

  /** Signs in if asked to, allows, and returns the URL of the final redirect. */
  async allow(authorizationUrl: URL | string, person: { email: string; resource?: string }): Promise<URL> {
    return this.#decide(authorizationUrl, person, {
      decision: "allow",
      ...(person.resource === undefined ? {} : { resource: person.resource }),
    });
  }

  async deny(authorizationUrl: URL | string, person: { email: string }): Promise<URL> {
    return this.#decide(authorizationUrl, person, { decision: "deny" });
  }

  async #decide(
    authorizationUrl: URL | string,
    { email }: { email: string },
    decision: Record<string, string>,
  ): Promise<URL> {
    const { pathname, search } = new URL(authorizationUrl);
    let at = await this.#go("GET", pathname + search);
    for (let pages = 0; "page" in at; pages++) {
      if (pages > 3) throw new Error(`The pages lead nowhere: ${at.page.body}`);
      at = at.page.body.includes('name="password"')
        ? await this.#submit(at.page, "/oauth/sign-in", { email, password })
        : await this.#submit(at.page, "/oauth/consent", decision);
    }
    return at.left;
  }

  async #submit(page: Answer, action: string, typed: Record<string, string>) {
    const form = page.body.split("<form").find((markup) => markup.includes(`${action}"`));
    const path = /action="([^"]*)"/.exec(form ?? "")?.[1]; // below the path of the issuer
    if (path?.endsWith(action) !== true)
      throw new Error(`The page has no form for ${action}: ${page.status} ${page.body}`);
    return this.#go("POST", path, { ...hiddenFields(form!.split("</form>")[0]!), ...typed });
  }

  async #go(
    method: "GET" | "POST",
    path: string,
    form?: Record<string, string>,
  ): Promise<{ page: Answer } | { left: URL }> {
    const cookie = [...this.#cookies].map((pair) => pair.join("=")).join("; ");
    const answer = await this.#send(method, path, {
      headers: { accept: "text/html", cookie },
      ...(form === undefined ? {} : { form }),
    });
    for (const line of answer.headers["set-cookie"] ?? []) {
      const [name = "", value = ""] = line.split(";")[0]!.split(/=(.*)/s);
      this.#cookies.set(name, value);
    }
    const { location } = answer.headers;
    if (location === undefined) return { page: answer };
    if (location.startsWith("/")) return this.#go("GET", location);
    const target = new URL(location);
    return this.#origins.includes(target.origin) ? this.#go("GET", target.pathname + target.search) : { left: target };
  }
}

const hiddenFields = (markup: string): Record<string, string> =>
  Object.fromEntries(
    [...markup.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)].map(([, name, value]) => [
      name!,
      value!.replaceAll("&amp;", "&"),
    ]),
  );
