import { notOffered, observed, pass, undecided, verdict, type Check, type Verdict } from "../check.ts";
import { inShort, isError } from "../heard.ts";
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
    says: "A refresh token brings an access token.",
    run: withRefreshToken(async ({ refresh_token }, subject) => {
      const heard = await subject.refresh(refresh_token);
      return verdict(heard.status === 200 && typeof heard.json["access_token"] === "string", inShort(heard));
    }),
  },
  {
    id: "refresh-unknown",
    clause: "RFC 6749 §5.2",
    level: "must",
    says: "An unknown refresh token is 400 invalid_grant.",
    run: async (subject) => {
      const heard = await subject.refresh("no-such-token-3f9a");
      return verdict(isError(heard, 400, "invalid_grant"), inShort(heard));
    },
  },
  {
    id: "refresh-wider",
    clause: "RFC 6749 §6",
    level: "must",
    says: "A wider scope than was granted is never given.",
    run: withRefreshToken(async ({ refresh_token }, subject) => {
      const heard = await subject.refresh(refresh_token, {
        scope: `${subject.options.scope ?? ""} example:admin`.trim(),
      });
      const given = typeof heard.json["scope"] === "string" ? heard.json["scope"].split(" ") : [];
      return verdict(heard.status !== 200 || !given.includes("example:admin"), inShort(heard));
    }),
  },
  {
    id: "refresh-survives-failure",
    clause: "OAuth 2.1 §4.3.1",
    level: "observed",
    says: "Whether a refresh token survives a request that failed for another reason.",
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
    says: "Whether refresh tokens are rotated.",
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
    says: "What a spent refresh token brings at once, as after a lost answer.",
    run: withRefreshToken(async ({ refresh_token }, subject) => {
      const first = await subject.refresh(refresh_token);
      if (newTokenOf(first.json, refresh_token) === refresh_token) return notOffered("it is not rotated");
      const again = await subject.refresh(refresh_token);
      if (again.status !== 200) {
        const next = await subject.refresh(newTokenOf(first.json, refresh_token));
        return observed(
          `${inShort(again)}, and its successor is ${next.status === 200 ? "still good" : "dead with it"}: one lost answer ${next.status === 200 ? "loses the client its way" : "signs the person out"}`,
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
    says: "Of ten requests at once with one refresh token, there is at most one successor.",
    run: withRefreshToken(async ({ refresh_token }, subject) => {
      const heard = await Promise.all(Array.from({ length: 10 }, () => subject.refresh(refresh_token)));
      const successors = new Set(
        heard.filter(({ status }) => status === 200).map(({ json }) => newTokenOf(json, refresh_token)),
      );
      if (successors.has(refresh_token)) return notOffered("it is not rotated");
      const served = heard.filter(({ status }) => status === 200).length;
      return verdict(
        successors.size <= 1,
        `${served} of 10 served, ${successors.size} successor${successors.size === 1 ? "" : "s"}`,
      );
    }),
  },
  {
    id: "rotation-ten-alive",
    clause: "RFC 9700 §4.14.2",
    level: "observed",
    says: "Whether the client still has a way on after ten requests at once.",
    run: withRefreshToken(async ({ refresh_token }, subject) => {
      const heard = await Promise.all(Array.from({ length: 10 }, () => subject.refresh(refresh_token)));
      const last = heard.findLast(({ status }) => status === 200);
      if (last === undefined) return observed("none was served");
      const next = await subject.refresh(newTokenOf(last.json, refresh_token));
      return observed(next.status === 200 ? "it has" : `it has not: ${inShort(next)}`);
    }),
  },
  {
    id: "rotation-reuse",
    clause: "RFC 9700 §4.14.2",
    level: "must",
    says: "A refresh token two generations old is refused.",
    run: withRefreshToken(async ({ refresh_token }, subject) => {
      const reused = await reuse(refresh_token, subject);
      if (reused === undefined) return notOffered("it is not rotated");
      return verdict(isError(reused.heard, 400, "invalid_grant"), inShort(reused.heard));
    }),
  },
  {
    id: "rotation-reuse-ends",
    clause: "RFC 9700 §4.14.2",
    level: "must",
    says: "Its reuse ends the newest refresh token as well, since nobody can tell thief from owner.",
    run: withRefreshToken(async ({ refresh_token }, subject) => {
      const reused = await reuse(refresh_token, subject);
      if (reused === undefined) return notOffered("it is not rotated");
      const next = await subject.refresh(reused.newest);
      return verdict(next.status !== 200, `the newest is ${next.status === 200 ? "still good" : inShort(next)}`);
    }),
  },
  {
    id: "rotation-reuse-access",
    clause: "RFC 9700 §4.14.2",
    level: "observed",
    says: "Whether access tokens die with it.",
    run: withRefreshToken(async ({ refresh_token }, subject) => {
      const reused = await reuse(refresh_token, subject);
      if (reused === undefined) return notOffered("it is not rotated");
      const isActive = await subject.isActive(reused.access);
      return isActive === undefined
        ? undecided("nobody can be asked")
        : observed(isActive ? "they live to their own end" : "they die");
    }),
  },
  {
    id: "rotation-independent",
    clause: "RFC 9700 §4.14.2",
    level: "should",
    says: "Another grant of the same person and client does not die with it: the laptop's mistake leaves the phone alone.",
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
    heard: await subject.refresh(first),
    newest: newTokenOf(two.json, second),
    access: String(two.json["access_token"]),
  };
}
