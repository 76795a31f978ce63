import { readResponse, type ReceivedResponse } from "./received-response.ts";
import type { Authorize, World } from "./world.ts";

export type Credentials = { id: string; secret: string | undefined };

export type Endpoints = {
  authorization: string;
  token: string;
  introspection: string | undefined;
  revocation: string | undefined;
};

/** The options of a run: the server, the client and how to obtain consent. */
export type SubjectOptions = {
  issuer: string;
  client: Credentials;
  /** Default: HTTP Basic if there is a secret. */
  clientAuthentication?: "client_secret_basic" | "client_secret_post" | "none";
  redirectUri: string;
  scope: string | undefined;
  /** Credentials for introspection, if the client itself may not introspect. */
  introspectionClient?: Credentials;
  /** Endpoints to use instead of the metadata document. */
  endpoints?: Partial<Endpoints>;
  authorize: Authorize;
};

export type Metadata = Readonly<Record<string, unknown>>;

export type Tokens = { access_token: string; refresh_token?: string; scope?: unknown };
export type Coded = { code: string; back: URL; verifier: string; state: string };

/** The server under test and what a check can do with it. */
export type Subject = {
  options: SubjectOptions;
  endpoints: Endpoints;
  /** undefined: the server has no metadata document. */
  metadata: { document: Metadata; response: ReceivedResponse } | undefined;
  get(url: string | URL): Promise<ReceivedResponse>;
  post(
    url: string,
    form: string | Record<string, string>,
    as?: "client" | "anonymous" | Readonly<Record<string, string>>,
  ): Promise<ReceivedResponse>;
  /** An authorization URL with PKCE. Undefined parameters are left out. */
  authorizationUrl(
    overrides?: Readonly<Record<string, string | undefined>>,
  ): Promise<{ url: URL; verifier: string; state: string }>;
  /** Obtains a code through consent. Throws if there is none. */
  code(overrides?: Readonly<Record<string, string | undefined>>): Promise<Coded>;
  redeem(coded: Coded, overrides?: Readonly<Record<string, string | undefined>>): Promise<ReceivedResponse>;
  tokens(): Promise<Tokens>;
  refresh(refreshToken: string, more?: Readonly<Record<string, string>>): Promise<ReceivedResponse>;
  /** Whether an access token is active. undefined if the server has no endpoint that tells. */
  isActive(token: string): Promise<boolean | undefined>;
};

/** Ends a check whose precondition could not be met. */
export class Unavailable extends Error {
  override readonly name = "Unavailable";
}

export function newSubject(
  options: SubjectOptions,
  endpoints: Endpoints,
  metadata: Subject["metadata"],
  world: World,
): Subject {
  const { client, redirectUri, authorize } = options;
  const get: Subject["get"] = async (url) => readResponse(await world.fetch(url, { redirect: "manual" }));

  const post: Subject["post"] = async (url, form, as = "client") => {
    const { headers, fields } =
      as === "client"
        ? proofOf(client, options.clientAuthentication)
        : { headers: as === "anonymous" ? {} : as, fields: {} };
    const body =
      typeof form === "string"
        ? `${form}${form === "" || Object.keys(fields).length === 0 ? "" : "&"}${encode(fields)}`
        : encode({ ...fields, ...form });
    return readResponse(
      await world.fetch(url, {
        method: "POST",
        redirect: "manual",
        headers: { "content-type": "application/x-www-form-urlencoded", accept: "application/json", ...headers },
        body,
      }),
    );
  };

  const authorizationUrl: Subject["authorizationUrl"] = async (overrides = {}) => {
    const [verifier, state] = [textOf(world.random(32)), textOf(world.random(16))];
    const url = new URL(endpoints.authorization);
    const challenge = textOf(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier))));
    const wanted = {
      response_type: "code",
      client_id: client.id,
      redirect_uri: redirectUri,
      scope: options.scope,
      state,
      code_challenge: challenge,
      code_challenge_method: "S256",
      ...overrides,
    };
    for (const [name, value] of Object.entries(wanted)) if (value !== undefined) url.searchParams.set(name, value);
    return { url, verifier, state };
  };

  const code: Subject["code"] = async (overrides) => {
    const { url, verifier, state } = await authorizationUrl(overrides);
    const back = await authorize(url);
    const value = back.searchParams.get("code");
    if (value === null)
      throw new Unavailable(`no code came back: ${back.searchParams.get("error") ?? "nothing in the address"}`);
    return { code: value, back, verifier, state };
  };

  const redeem: Subject["redeem"] = (coded, overrides = {}) => {
    const form = {
      grant_type: "authorization_code",
      code: coded.code,
      redirect_uri: redirectUri,
      code_verifier: coded.verifier,
      ...overrides,
    };
    return post(
      endpoints.token,
      Object.fromEntries(Object.entries(form).filter((pair): pair is [string, string] => pair[1] !== undefined)),
    );
  };

  const tokens: Subject["tokens"] = async () => {
    const { status, json } = await redeem(await code());
    if (status !== 200 || typeof json["access_token"] !== "string")
      throw new Unavailable(`a code brought no tokens: ${status} ${String(json["error"] ?? "")}`);
    return json as Tokens;
  };

  const isActive: Subject["isActive"] = async (token) => {
    if (endpoints.introspection === undefined) return undefined;
    const proof = proofOf(
      options.introspectionClient ?? client,
      options.introspectionClient === undefined ? options.clientAuthentication : "client_secret_basic",
    );
    const { status, json } = await post(endpoints.introspection, { ...proof.fields, token }, proof.headers);
    return status === 200 && typeof json["active"] === "boolean" ? json["active"] : undefined;
  };

  const refresh: Subject["refresh"] = (refresh_token, more = {}) =>
    post(endpoints.token, { grant_type: "refresh_token", refresh_token, ...more });
  return { options, endpoints, metadata, get, post, authorizationUrl, code, redeem, tokens, refresh, isActive };
}

type Proof = { headers: Record<string, string>; fields: Record<string, string> };

/** Client authentication as headers or form fields. @see RFC 6749 §2.3.1 */
export function proofOf(
  { id, secret }: Credentials,
  method: SubjectOptions["clientAuthentication"] = secret === undefined ? "none" : "client_secret_basic",
): Proof {
  if (secret === undefined || method === "none") return { headers: {}, fields: { client_id: id } };
  if (method === "client_secret_post") return { headers: {}, fields: { client_id: id, client_secret: secret } };
  return { headers: { authorization: `Basic ${btoa(`${formEncoded(id)}:${formEncoded(secret)}`)}` }, fields: {} };
}

const formEncoded = (text: string): string => new URLSearchParams([["", text]]).toString().slice(1);

const encode = (fields: Record<string, string>): string => new URLSearchParams(fields).toString();

/** Unpadded base64url. */
export const textOf = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
