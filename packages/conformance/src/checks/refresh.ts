import { fail, notOffered, observed, pass, undecided, verdict, type Check, type Verdict } from "../check.ts";
import { inShort, isError } from "../received-response.ts";
import type { Subject, Tokens } from "../subject.ts";

type Refreshable = Tokens & { refresh_token: string };

/** A check that needs a refresh token. Not offered if the server issues none. */
const withRefreshToken =
  (run: (tokens: Refreshable, subject: Subject) => Promise<Verdict>) =>
  async (subject: Subject): Promise<Verdict> => {
    const tokens = await subject.tokens();
    return tokens.refresh_token === undefined
      ? notOffered("no refresh token came with the code")
      : run(tokens as Refreshable, subject);
  };

const newTokenOf = (json: Record<string, unknown>, old: string): string =>
  typeof json["refresh_token"] === "string" ? json["refresh_token"] : old;

export const refreshChecks: readonly Check[] = [
  {
    id: "refresh-answer",
    clause: "RFC 6749 §6",
    level: "must",
    requirement: "Redeems a refresh token for an access token.",
    run: withRefreshToken(async ({ refresh_token }, subject) => {
      const received = await subject.refresh(refresh_token);
      return verdict(received.status === 200 && typeof received.json["access_token"] === "string", inShort(received));
    }),
  },
  {
    id: "refresh-unknown",
    clause: "RFC 6749 §5.2",
    level: "must",
    requirement: "Answers an unknown refresh token with 400 invalid_grant.",
    run: async (subject) => {
      const received = await subject.refresh("no-such-token-3f9a");
      return verdict(isError(received, 400, "invalid_grant"), inShort(received));
    },
  },
  {
    id: "refresh-wider",
    clause: "RFC 6749 §6",
    level: "must",
    requirement: "Never issues a wider scope than was granted.",
    run: withRefreshToken(async ({ refresh_token }, subject) => {
      const received = await subject.refresh(refresh_token, {
        scope: `${subject.options.scope ?? ""} example:admin`.trim(),
      });
      const { scope } = received.json;
      if (received.status !== 200) return pass(inShort(received));
      if (scope === undefined) return fail("200 without scope, which means the wider scope was issued (RFC 6749 §5.1)");
      return verdict(
        typeof scope === "string" && !scope.split(" ").includes("example:admin"),
        `200, scope ${String(scope).slice(0, 60)}`,
      );
    }),
  },
  {
    id: "refresh-survives-failure",
    clause: "OAuth 2.1 §4.3.1",
    level: "observed",
    requirement: "Whether a refresh token stays valid after a request that failed for another reason.",
    run: withRefreshToken(async ({ refresh_token }, subject) => {
      const failed = await subject.refresh(refresh_token, { scope: "example:admin" });
      return observed(`after ${inShort(failed)} the right request is ${inShort(await subject.refresh(refresh_token))}`);
    }),
  },
];

/** Checks of refresh token rotation. Several behaviours are right. */
export const rotationChecks: readonly Check[] = [
  {
    id: "rotation",
    clause: "RFC 9700 §2.2.2",
    level: "observed",
    requirement: "Whether refresh tokens are rotated.",
    run: withRefreshToken(async ({ refresh_token }, subject) => {
      const { json } = await subject.refresh(refresh_token);
      const next = json["refresh_token"];
      return observed(
        next === undefined
          ? "the same for ever, and the answer leaves it out"
          : next === refresh_token
            ? "the same again"
            : "a new one each time",
      );
    }),
  },
  {
    id: "rotation-replay",
    clause: "RFC 9700 §4.14.2",
    level: "observed",
    requirement: "What a spent refresh token gets right away, as after a lost response.",
    run: withRefreshToken(async ({ refresh_token }, subject) => {
      const first = await subject.refresh(refresh_token);
      if (newTokenOf(first.json, refresh_token) === refresh_token) return notOffered("it is not rotated");
      const again = await subject.refresh(refresh_token);
      if (again.status !== 200) {
        const next = await subject.refresh(newTokenOf(first.json, refresh_token));
        return observed(
          `${inShort(again)}; its successor is ${next.status === 200 ? "still valid, but the client never received it" : "revoked too, so one lost response ends the grant"}`,
        );
      }
      return observed(
        again.json["refresh_token"] === first.json["refresh_token"]
          ? "the same successor: a lost answer does no harm"
          : "another successor",
      );
    }),
  },
  {
    id: "rotation-ten",
    clause: "RFC 9700 §4.14.2",
    level: "must",
    requirement: "Issues at most one successor in ten simultaneous requests with one refresh token.",
    run: withRefreshToken(async ({ refresh_token }, subject) => {
      const received = await Promise.all(Array.from({ length: 10 }, () => subject.refresh(refresh_token)));
      const successors = new Set(
        received.filter(({ status }) => status === 200).map(({ json }) => newTokenOf(json, refresh_token)),
      );
      if (successors.has(refresh_token)) return notOffered("it is not rotated");
      const served = received.filter(({ status }) => status === 200).length;
      return verdict(
        successors.size <= 1,
        `${served} of 10 succeeded, ${successors.size} successor${successors.size === 1 ? "" : "s"}`,
      );
    }),
  },
  {
    id: "rotation-ten-alive",
    clause: "RFC 9700 §4.14.2",
    level: "observed",
    requirement: "Whether the client has a working refresh token after ten simultaneous requests.",
    run: withRefreshToken(async ({ refresh_token }, subject) => {
      const received = await Promise.all(Array.from({ length: 10 }, () => subject.refresh(refresh_token)));
      const last = received.findLast(({ status }) => status === 200);
      if (last === undefined) return observed("no request succeeded");
      const next = await subject.refresh(newTokenOf(last.json, refresh_token));
      return observed(next.status === 200 ? "yes" : `no: ${inShort(next)}`);
    }),
  },
  {
    id: "rotation-reuse",
    clause: "RFC 9700 §4.14.2",
    level: "must",
    requirement: "Refuses a refresh token that is two generations old.",
    run: withRefreshToken(async ({ refresh_token }, subject) => {
      const reused = await reuse(refresh_token, subject);
      if (reused === undefined) return notOffered("it is not rotated");
      return verdict(isError(reused.received, 400, "invalid_grant"), inShort(reused.received));
    }),
  },
  {
    id: "rotation-reuse-ends",
    clause: "RFC 9700 §4.14.2",
    level: "must",
    requirement: "Revokes the current refresh token on reuse of an old one.",
    run: withRefreshToken(async ({ refresh_token }, subject) => {
      const reused = await reuse(refresh_token, subject);
      if (reused === undefined) return notOffered("it is not rotated");
      const next = await subject.refresh(reused.newest);
      return verdict(
        next.status !== 200,
        `current refresh token: ${next.status === 200 ? "still valid" : inShort(next)}`,
      );
    }),
  },
  {
    id: "rotation-reuse-access",
    clause: "RFC 9700 §4.14.2",
    level: "observed",
    requirement: "Whether access tokens are revoked on reuse too.",
    run: withRefreshToken(async ({ refresh_token }, subject) => {
      const reused = await reuse(refresh_token, subject);
      if (reused === undefined) return notOffered("it is not rotated");
      const isActive = await subject.isActive(reused.access);
      return isActive === undefined
        ? undecided("no endpoint tells")
        : observed(isActive ? "valid until they expire" : "revoked");
    }),
  },
  {
    id: "rotation-independent",
    clause: "RFC 9700 §4.14.2",
    level: "should",
    requirement: "Keeps other grants of the same user and client on reuse: a second device stays signed in.",
    run: withRefreshToken(async ({ refresh_token }, subject) => {
      const other = await subject.tokens();
      const reused = await reuse(refresh_token, subject);
      if (reused === undefined) return pass("nothing dies");
      const next = await subject.refresh(other.refresh_token!);
      return verdict(next.status === 200, inShort(next));
    }),
  },
];

/** Refreshes twice, then presents the first refresh token again. undefined if refresh tokens are not rotated. */
async function reuse(first: string, subject: Subject) {
  const one = await subject.refresh(first);
  const second = newTokenOf(one.json, first);
  if (second === first) return undefined;
  const two = await subject.refresh(second);
  return {
    received: await subject.refresh(first),
    newest: newTokenOf(two.json, second),
    access: String(two.json["access_token"]),
  };
}
