import type { Script } from "./scripted-connection.ts";
import { basic, memberOf, post } from "./requests.ts";
import { codeVerifier, redirectUri, type Seed } from "./seeds/seed.ts";

/** Which connection a script is for, and of how many rounds its requests must last. */
export type Part = { at: number; count: number; rounds: number };

/** What one connection sends to one server. */
export type Writer = (seed: Seed, part: Part) => Script;

/** The elements that belong to this connection. */
export const shareOf = <T>(all: readonly T[], { at, count }: Part): readonly T[] =>
  all.filter((_, index) => index % count === at);

const cut = (body: string): string => body.slice(0, 200);

/** Asks about the tokens of its share, over and over. `found` is what the answer must hold of a good token. */
export const checkScript =
  (requestFor: (token: string, seed: Seed, application: number) => string, found: string): Writer =>
  (seed, part) => {
    const tokens = shareOf(seed.inUse, part);
    let turn = 0;
    return {
      cycle: tokens.length,
      next() {
        const { access, application } = tokens[turn++ % tokens.length]!;
        return requestFor(access, seed, application);
      },
      complaint: (status, body) =>
        status === 200 && body.includes(found) ? undefined : `a token check answered ${status} ${cut(body)}`,
    };
  };

/** RFC 7662, by a resource server. */
export const introspectScript = (path: string): Writer =>
  checkScript((token, { resourceServer }) => post(path, `token=${token}`, [basic(resourceServer)]), '"active":true');

/** The same, by the application that the token was issued to. */
export const ownTokensScript = (path: string): Writer =>
  checkScript(
    (token, { applications }, application) => post(path, `token=${token}`, [basic(applications[application]!)]),
    '"active":true',
  );

/** Our batches: as many answers as tokens, and each active. */
export const batchScript =
  (path: string, size: number): Writer =>
  (seed, { at, count }) => {
    const tokens = seed.inUse.map(({ access }) => access);
    const from = Math.floor((at / count) * tokens.length);
    const asked = Array.from({ length: size }, (_, index) => tokens[(from + index) % tokens.length]!);
    const request = post(path, `tokens=${asked.join("+")}`, [basic(seed.resourceServer)]);
    return {
      next: () => request,
      complaint: (status, body) =>
        status === 200 && body.split('"active":true').length === size + 1
          ? undefined
          : `batch introspection answered ${status} ${cut(body)}`,
    };
  };

/** Goes through the token families of its share and presents the newest refresh token of each. */
export const refreshScript =
  (path: string): Writer =>
  (seed, part) => {
    const families = shareOf(seed.inUse, part).map(({ refresh, application }) => ({
      client: seed.applications[application]!,
      refreshToken: refresh,
    }));
    let turn = 0;
    const current = () => families[turn % families.length]!;
    return {
      cycle: families.length,
      next: () =>
        post(path, `grant_type=refresh_token&refresh_token=${current().refreshToken}`, [basic(current().client)]),
      complaint(status, body) {
        const found = memberOf(body, "refresh_token");
        if (status !== 200 || found === undefined || memberOf(body, "access_token") === undefined)
          return `refresh answered ${status} ${cut(body)}`;
        if (found === current().refreshToken) return "refresh answered the token that it was given";
        current().refreshToken = found;
        turn++;
        return undefined;
      },
    };
  };

export const clientCredentialsScript =
  (path: string): Writer =>
  (seed, { at }) => {
    const client = seed.applications[at % seed.applications.length]!;
    const request = post(path, "grant_type=client_credentials", [basic(client)]);
    let last: string | undefined;
    return {
      next: () => request,
      complaint(status, body) {
        const found = memberOf(body, "access_token");
        if (status !== 200 || found === undefined) return `client credentials answered ${status} ${cut(body)}`;
        if (found === last) return "client credentials answered the same access token twice";
        last = found;
        return undefined;
      },
    };
  };

/** Redeems each code once. Every round gets its part of the codes, and ends early if a fast server uses it up. */
export const redeemScript =
  (requestFor: (code: string, application: number, seed: Seed) => string, wanted: readonly string[]): Writer =>
  (seed, part) => {
    const codes = shareOf(seed.codes, part);
    const perRound = Math.floor(codes.length / part.rounds);
    let [turn, end] = [0, 0];
    return {
      begin: () => (end = Math.min(codes.length, turn + perRound)),
      next() {
        if (turn >= end) return undefined;
        const { code, application } = codes[turn++]!;
        return requestFor(code, application, seed);
      },
      complaint: (status, body) =>
        status === 200 && wanted.every((name) => memberOf(body, name) !== undefined)
          ? undefined
          : `redemption answered ${status} ${cut(body)}`,
    };
  };

/** RFC 6749 §4.1.3 with PKCE. */
export const redeemCodeScript = (path: string): Writer =>
  redeemScript(
    (code, application, { applications }) => {
      const form = new URLSearchParams({
        grant_type: "authorization_code",
        code,
        redirect_uri: redirectUri,
        code_verifier: codeVerifier,
      });
      return post(path, form.toString(), [basic(applications[application]!)]);
    },
    ["access_token", "refresh_token"],
  );
