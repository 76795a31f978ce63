import { inspect } from "node:util";
import { afterAll, beforeAll, expect } from "vitest";
import { startProvider, type Reply, type ScriptedProvider } from "./provider.ts";
import type { Application } from "../src/application.ts";
import { generic } from "../src/profiles/generic.ts";

/** A secret with every character that some encoding changes. */
export const secret = (name: string) => `S3cr+t/${name}="ü%~ x&é'`;
export const [clientSecret, refreshToken, token, code, codeVerifier] = [
  "client",
  "refresh",
  "token",
  "code",
  "verifier",
].map(secret) as [string, string, string, string, string];
export const accessToken = "AT.s3cret+/access==";
export const secrets = [clientSecret, refreshToken, token, code, codeVerifier, accessToken, "new-s3cret"];

export let provider: ScriptedProvider;

/** Starts a provider before the tests of the calling file, and stops it after them. */
export function useProvider(): void {
  beforeAll(async () => void (provider = await startProvider()));
  afterAll(async () => await provider.stop());
}

export const app = (more: Partial<Application> = {}, at = provider.url): Application => ({
  profile: generic,
  clientId: "cid",
  clientSecret,
  accessToken,
  endpoints: {
    authorization: `${at}/authorize`,
    token: `${at}/token`,
    introspection: `${at}/introspect`,
    revocation: `${at}/revoke`,
    tokenInfo: `${at}/info`,
  },
  ...more,
});

/** The secret in every encoding in which it may appear. */
export const spellings = (of: string): string[] => {
  const basic = (id: string, password: string) => Buffer.from(`${id}:${password}`).toString("base64");
  const form = new URLSearchParams({ a: of }).toString().slice(2);
  const lowerCase = (text: string) => text.replace(/%../g, (byte) => byte.toLowerCase());
  return [
    of,
    form,
    lowerCase(form),
    encodeURIComponent(of),
    lowerCase(encodeURIComponent(of)),
    JSON.stringify(of).slice(1, -1),
    of.replaceAll("/", "\\/"),
    basic("cid", of),
    basic("cid", form),
  ];
};
/** Expects that printing the value, and each cause of an error, shows none of the secrets. */
export function expectNoSecret(value: unknown): void {
  const printed = [
    inspect(value, { depth: 20, showHidden: true, getters: true }),
    JSON.stringify(value) ?? "",
    String(value),
  ];
  if (value instanceof Error)
    for (let error: unknown = value; error instanceof Error; error = error.cause)
      printed.push(
        String(error.stack),
        error.message,
        JSON.stringify(error),
        inspect(Object.getOwnPropertyDescriptors(error)),
      );
  for (const text of printed) for (const known of secrets.flatMap(spellings)) expect(text).not.toContain(known);
}

/** Repeats the request in headers and body, as some providers and proxies do. */
export const echo =
  (status: number, shape: (text: string) => unknown): Reply =>
  (response, { headers, body, query }) => {
    const text = `${headers.authorization ?? ""} ${decodeURIComponent(body.replaceAll("+", " ").replace(/%(?![0-9A-F]{2})/g, "%25"))} ${body} ${query}`;
    const shaped = shape(text);
    response.writeHead(status, {
      "content-type": "application/json",
      "x-echo": encodeURIComponent(text).slice(0, 4000),
      "set-cookie": `a=${encodeURIComponent(text).slice(0, 3000)}`,
    });
    response.end(typeof shaped === "string" ? shaped : JSON.stringify(shaped));
  };
