import { Failure } from "../command/failure.ts";
import type { DemoCredentials } from "../serve/demo-registration.ts";
import { send } from "./send.ts";

export type Answer = { status: number; body: Readonly<Record<string, unknown>> };

/** The endpoints from the metadata of the server. @see RFC 8414 */
export type Endpoints = {
  issuer: string;
  authorization: URL;
  token: URL;
  introspection: URL;
  revocation: URL;
  tokenInfo: URL;
};

export async function discover(url: string): Promise<Endpoints> {
  const address = new URL("/.well-known/oauth-authorization-server", url);
  const { status, body } = await readAnswer(await send(address, {}));
  const endpoint = (name: string): URL => {
    const value = body[name];
    if (status !== 200 || typeof value !== "string")
      throw new Failure(`${url} is not a Symbolon server: its metadata has no ${name}.`, "Check --url.");
    return new URL(value);
  };
  return {
    issuer: endpoint("issuer") && String(body["issuer"]),
    authorization: endpoint("authorization_endpoint"),
    token: endpoint("token_endpoint"),
    introspection: endpoint("introspection_endpoint"),
    revocation: endpoint("revocation_endpoint"),
    tokenInfo: new URL(`${String(body["issuer"])}/oauth/token_info`),
  };
}

/** Requests a new application and account, which only a development server on this computer provides. */
export async function requestDemo(url: string): Promise<DemoCredentials> {
  const { status, body } = await readAnswer(
    await send(new URL("/development/demo", url), { method: "POST", headers: { "symbolon-demo": "1" } }),
  );
  if (status === 201) return body as DemoCredentials;
  const reason = typeof body["error_description"] === "string" ? ` ${body["error_description"]}` : "";
  throw new Failure(
    `The server at ${url} provides no demo application (${status}).${reason}`,
    "The demo needs a development server on this computer: symbolon serve --dev.",
  );
}

/** The requests of the application, which authenticates with HTTP Basic. */
export function newClient(credentials: DemoCredentials) {
  const basic = `Basic ${btoa(`${encodeURIComponent(credentials.client_id)}:${encodeURIComponent(credentials.client_secret)}`)}`;
  return {
    post: async (url: URL, form: Record<string, string>): Promise<Answer> =>
      readAnswer(
        await send(url, {
          method: "POST",
          headers: { authorization: basic, "content-type": "application/x-www-form-urlencoded" },
          body: new URLSearchParams(form).toString(),
        }),
      ),
    get: async (url: URL, accessToken: string): Promise<Answer> =>
      readAnswer(await send(url, { headers: { authorization: `Bearer ${accessToken}` } })),
  };
}

export type Client = ReturnType<typeof newClient>;

async function readAnswer(response: Response): Promise<Answer> {
  const text = await response.text();
  try {
    const body: unknown = text === "" ? {} : JSON.parse(text);
    return { status: response.status, body: typeof body === "object" && body !== null ? (body as Answer["body"]) : {} };
  } catch {
    return { status: response.status, body: {} };
  }
}
