import { observed, undecided, verdict, type Check } from "../check.ts";
import { inShort, isError, mayBeStored } from "../received-response.ts";

export const codeChecks: readonly Check[] = [
  {
    id: "code-answer",
    clause: "RFC 6749 §5.1",
    level: "must",
    requirement: "Redeems a code with JSON that has access_token and token_type and must not be cached.",
    run: async (subject) => {
      const received = await subject.redeem(await subject.code());
      const lacks = ["access_token", "token_type"].filter((name) => typeof received.json[name] !== "string");
      const isJson = /^application\/json\b/i.test(received.headers.get("content-type") ?? "");
      return verdict(
        received.status === 200 && lacks.length === 0 && isJson && !mayBeStored(received),
        [
          inShort(received),
          ...lacks.map((name) => `no ${name}`),
          mayBeStored(received) ? "without no-store" : "no-store",
          isJson ? "JSON" : "not JSON",
        ].join(", "),
      );
    },
  },
  {
    id: "code-expires-in",
    clause: "RFC 6749 §5.1",
    level: "should",
    requirement: "Returns expires_in as a number of seconds.",
    run: async (subject) => {
      const { json } = await subject.redeem(await subject.code());
      return verdict(
        typeof json["expires_in"] === "number" && json["expires_in"] > 0,
        JSON.stringify(json["expires_in"]) ?? "absent",
      );
    },
  },
  {
    id: "code-once",
    clause: "RFC 6749 §4.1.2",
    level: "must",
    requirement: "Refuses a replayed code with invalid_grant.",
    run: async (subject) => {
      const coded = await subject.code();
      await subject.redeem(coded);
      const again = await subject.redeem(coded);
      return verdict(isError(again, 400, "invalid_grant"), inShort(again));
    },
  },
  {
    id: "code-replay-revokes",
    clause: "RFC 6749 §4.1.2",
    level: "should",
    requirement: "Revokes the tokens of a replayed code.",
    run: async (subject) => {
      const coded = await subject.code();
      const first = await subject.redeem(coded);
      await subject.redeem(coded);
      const { access_token: access, refresh_token: refresh } = first.json;
      const isActive = typeof access === "string" ? await subject.isActive(access) : undefined;
      const refreshed = typeof refresh === "string" ? await subject.refresh(refresh) : undefined;
      if (isActive === undefined && refreshed === undefined) return undecided("no endpoint tells");
      return verdict(
        isActive !== true && refreshed?.status !== 200,
        `access token ${isActive === undefined ? "unknown" : isActive ? "still active" : "inactive"}, refresh ${refreshed === undefined ? "none" : inShort(refreshed)}`,
      );
    },
  },
  {
    id: "code-once-of-ten",
    clause: "RFC 6749 §4.1.2",
    level: "must",
    requirement: "Redeems one code at most once in ten simultaneous requests.",
    run: async (subject) => {
      const coded = await subject.code();
      const received = await Promise.all(Array.from({ length: 10 }, () => subject.redeem(coded)));
      const served = received.filter(({ status }) => status === 200).length;
      return verdict(served <= 1, `${served} of 10 succeeded`);
    },
  },
  {
    id: "code-unknown",
    clause: "RFC 6749 §5.2",
    level: "must",
    requirement: "Answers an unknown code with invalid_grant.",
    run: async (subject) => {
      const received = await subject.redeem({
        code: "no-such-code-3f9a",
        back: new URL(subject.options.redirectUri),
        verifier: "v".repeat(43),
        state: "",
      });
      return verdict(isError(received, 400, "invalid_grant"), inShort(received));
    },
  },
  {
    id: "code-other-redirect",
    clause: "RFC 6749 §4.1.3",
    level: "must",
    requirement: "Refuses a redirect_uri that differs from that of the authorization request.",
    run: async (subject) => {
      const received = await subject.redeem(await subject.code(), {
        redirect_uri: `${subject.options.redirectUri}/other`,
      });
      return verdict(received.status === 400, inShort(received));
    },
  },
  {
    id: "code-no-redirect",
    clause: "RFC 6749 §4.1.3",
    level: "observed",
    requirement: "Whether redirect_uri may be left out at the token endpoint (RFC 6749: no, OAuth 2.1: yes).",
    run: async (subject) => observed(inShort(await subject.redeem(await subject.code(), { redirect_uri: undefined }))),
  },
  {
    id: "code-survives-failure",
    clause: "OAuth 2.1 §7.5.2",
    level: "observed",
    requirement: "Whether a code stays valid after a request that failed for another reason.",
    run: async (subject) => {
      const coded = await subject.code();
      const wrong = await subject.redeem(coded, { code_verifier: "w".repeat(43) });
      const right = await subject.redeem(coded);
      return observed(`after ${inShort(wrong)} the right request is ${inShort(right)}`);
    },
  },
];

export const pkceChecks: readonly Check[] = [
  {
    id: "pkce-right",
    clause: "RFC 7636 §4.6",
    level: "must",
    requirement: "Accepts the right code_verifier.",
    run: async (subject) => {
      const received = await subject.redeem(await subject.code());
      return verdict(received.status === 200, inShort(received));
    },
  },
  {
    id: "pkce-wrong",
    clause: "RFC 7636 §4.6",
    level: "must",
    requirement: "Answers a wrong code_verifier with invalid_grant.",
    run: async (subject) => {
      const received = await subject.redeem(await subject.code(), { code_verifier: "w".repeat(43) });
      return verdict(isError(received, 400, "invalid_grant"), inShort(received));
    },
  },
  {
    id: "pkce-missing",
    clause: "RFC 7636 §4.5",
    level: "must",
    requirement: "Refuses a code with a code_challenge without code_verifier.",
    run: async (subject) => {
      const received = await subject.redeem(await subject.code(), { code_verifier: undefined });
      return verdict(received.status === 400, inShort(received));
    },
  },
  {
    id: "pkce-downgrade",
    clause: "RFC 9700 §4.8.2",
    level: "must",
    requirement: "Refuses a code_verifier for a code without code_challenge.",
    run: async (subject) => {
      const coded = await subject
        .code({ code_challenge: undefined, code_challenge_method: undefined })
        .catch(() => undefined);
      if (coded === undefined) return verdict(true, "no code is issued without code_challenge");
      const received = await subject.redeem(coded);
      return verdict(received.status === 400, inShort(received));
    },
  },
];
