import { observed, undecided, verdict, type Check, type Verdict } from "../check.ts";
import type { ReceivedResponse } from "../received-response.ts";
import type { Subject } from "../subject.ts";

const leadsTo = ({ status, headers }: ReceivedResponse): string | undefined =>
  status >= 300 && status < 400 ? (headers.get("location") ?? undefined) : undefined;

/** A check that a request does not redirect to an unregistered URI. */
const staysHere =
  (overrides: (subject: Subject) => Record<string, string | undefined>) =>
  async (subject: Subject): Promise<Verdict> => {
    const changed = overrides(subject);
    const { url } = await subject.authorizationUrl(changed);
    const target = leadsTo(await subject.get(url));
    const given = changed["redirect_uri"] ?? subject.options.redirectUri;
    const isThere = target !== undefined && target.startsWith(given.split(/[?#]/)[0]!);
    return verdict(!isThere, isThere ? "the browser is redirected there" : "the browser is not redirected there");
  };

/** A check of a request whose error is redirected to the client. Undecided if the server signs the user in first. */
const sendsBack =
  (overrides: Record<string, string | undefined>, ...codes: string[]) =>
  async (subject: Subject): Promise<Verdict> => {
    const { url, state } = await subject.authorizationUrl(overrides);
    const received = await subject.get(url);
    const target = leadsTo(received);
    if (target === undefined || !target.startsWith(subject.options.redirectUri))
      return undecided(`${received.status}: no error redirect before sign-in, or none at all`);
    const back = new URL(target);
    const values = new URLSearchParams(back.search === "" ? back.hash.slice(1) : back.search);
    return verdict(
      codes.includes(values.get("error") ?? "") && values.get("state") === state,
      `error=${values.get("error")}, state ${values.get("state") === state ? "as sent" : "lost"}`,
    );
  };

export const authorizeChecks: readonly Check[] = [
  {
    id: "authorize-unknown-client",
    clause: "RFC 6749 §4.1.2.1",
    level: "must",
    requirement: "Does not redirect a request of an unknown client.",
    run: staysHere(() => ({ client_id: "no-such-client-3f9a" })),
  },
  {
    id: "authorize-unregistered-redirect",
    clause: "RFC 6749 §3.1.2.4",
    level: "must",
    requirement: "Does not redirect to an unregistered redirect URI.",
    run: staysHere(() => ({ redirect_uri: "https://attacker.example/callback" })),
  },
  {
    id: "authorize-longer-redirect",
    clause: "RFC 9700 §2.1",
    level: "must",
    requirement: "Refuses a redirect URI with a longer path than the registered one.",
    run: staysHere(({ options }) => ({ redirect_uri: `${options.redirectUri.replace(/\/$/, "")}/more` })),
  },
  {
    id: "authorize-redirect-query",
    clause: "RFC 9700 §2.1",
    level: "must",
    requirement: "Refuses the registered redirect URI with an added query.",
    run: async (subject) => {
      const { url } = await subject.authorizationUrl({
        redirect_uri: `${subject.options.redirectUri}${subject.options.redirectUri.includes("?") ? "&" : "?"}added=1`,
      });
      const target = leadsTo(await subject.get(url));
      return verdict(
        target === undefined || !target.includes("added=1"),
        target?.includes("added=1") === true
          ? "the browser is redirected there"
          : "the browser is not redirected there",
      );
    },
  },
  {
    id: "authorize-no-response-type",
    clause: "RFC 6749 §4.1.2.1",
    level: "must",
    requirement: "Answers a request without response_type with invalid_request.",
    run: sendsBack({ response_type: undefined }, "invalid_request"),
  },
  {
    id: "authorize-response-type",
    clause: "RFC 6749 §4.1.2.1",
    level: "must",
    requirement: "Answers an unknown response_type with unsupported_response_type.",
    run: sendsBack({ response_type: "teleport" }, "unsupported_response_type", "invalid_request"),
  },
  {
    id: "authorize-challenge-method",
    clause: "RFC 7636 §4.4.1",
    level: "must",
    requirement: "Answers an unknown code_challenge_method with invalid_request.",
    run: sendsBack({ code_challenge_method: "S999" }, "invalid_request"),
  },
  {
    id: "authorize-implicit",
    clause: "RFC 9700 §2.1.2",
    level: "should",
    requirement: "Has no implicit flow: response_type=token returns no token.",
    run: async (subject) => {
      const { url } = await subject.authorizationUrl({
        response_type: "token",
        code_challenge: undefined,
        code_challenge_method: undefined,
      });
      const received = await subject.get(url);
      const target = leadsTo(received) ?? "";
      if (/error=/.test(target) || received.status >= 400)
        return verdict(true, /error=([\w]+)/.exec(target)?.[1] ?? String(received.status));
      return undecided(`${received.status}: sign-in comes first`);
    },
  },
  {
    id: "authorize-requires-pkce",
    clause: "RFC 9700 §2.1.1",
    level: "observed",
    requirement: "Whether requests without PKCE are refused.",
    run: async (subject) => {
      try {
        await subject.code({ code_challenge: undefined, code_challenge_method: undefined });
        return observed("accepted");
      } catch {
        return observed("refused");
      }
    },
  },
  {
    id: "authorize-state",
    clause: "RFC 6749 §4.1.2",
    level: "must",
    requirement: "Returns state exactly as sent, with every printable character and spaces at both ends.",
    run: async (subject) => {
      const sent = " a b+c%20d&e=\"<'~ ";
      const { back } = await subject.code({ state: sent });
      return verdict(
        back.searchParams.get("state") === sent,
        back.searchParams.get("state") === sent ? "every character" : "changed",
      );
    },
  },
  {
    id: "authorize-fragment",
    clause: "RFC 9700 §4.1.3",
    level: "observed",
    requirement: "Whether the redirect carries a fragment of its own, so that browsers do not carry over another one.",
    run: async (subject) => {
      const { back } = await subject.code();
      return observed(back.href.includes("#") ? "has a fragment" : "no fragment");
    },
  },
];
