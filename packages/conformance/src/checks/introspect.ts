import { notOffered, observed, undecided, verdict, type Check, type Verdict } from "../check.ts";
import { inShort } from "../received-response.ts";
import { proofOf, type Subject } from "../subject.ts";

type Ask = (token: string) => ReturnType<Subject["post"]>;

const withIntrospection =
  (run: (ask: Ask, subject: Subject) => Promise<Verdict>) =>
  async (subject: Subject): Promise<Verdict> => {
    const { endpoints, options } = subject;
    if (endpoints.introspection === undefined) return notOffered("there is no introspection endpoint");
    const proof = proofOf(
      options.introspectionClient ?? options.client,
      options.introspectionClient === undefined ? options.clientAuthentication : "client_secret_basic",
    );
    return run((token) => subject.post(endpoints.introspection!, { ...proof.fields, token }, proof.headers), subject);
  };

export const introspectChecks: readonly Check[] = [
  {
    id: "introspect-active",
    clause: "RFC 7662 §2.2",
    level: "must",
    requirement: "Returns active as the JSON boolean true for a valid access token.",
    run: withIntrospection(async (ask, subject) => {
      const received = await ask((await subject.tokens()).access_token);
      return verdict(
        received.status === 200 && received.json["active"] === true,
        `${inShort(received)}, active: ${JSON.stringify(received.json["active"])}`,
      );
    }),
  },
  {
    id: "introspect-seconds",
    clause: "RFC 7662 §2.2",
    level: "must",
    requirement: "Returns exp and iat, if present, in whole seconds.",
    run: withIntrospection(async (ask, subject) => {
      const { json } = await ask((await subject.tokens()).access_token);
      const wrong = ["exp", "iat"].filter(
        (name) => json[name] !== undefined && !(Number.isInteger(json[name]) && Number(json[name]) < 1e11),
      );
      return verdict(wrong.length === 0, wrong.length === 0 ? "whole seconds" : wrong.join(", "));
    }),
  },
  {
    id: "introspect-unknown",
    clause: "RFC 7662 §2.2",
    level: "must",
    requirement: "Answers an unknown token with 200 and active false.",
    run: withIntrospection(async (ask) => {
      const received = await ask("no-such-token-3f9a");
      return verdict(
        received.status === 200 && received.json["active"] === false,
        `${inShort(received)}, active: ${JSON.stringify(received.json["active"])}`,
      );
    }),
  },
  {
    id: "introspect-silent",
    clause: "RFC 7662 §2.2",
    level: "should",
    requirement: "Returns nothing but active for an unknown token.",
    run: withIntrospection(async (ask) => {
      const { json } = await ask("no-such-token-3f9a");
      return verdict(Object.keys(json).length === 1, Object.keys(json).join(", "));
    }),
  },
  {
    id: "introspect-revoked",
    clause: "RFC 7662 §2.2",
    level: "should",
    requirement: "Returns nothing but active for a revoked token.",
    run: withIntrospection(async (ask, subject) => {
      const { revocation } = subject.endpoints;
      if (revocation === undefined) return notOffered("there is no revocation endpoint");
      const { access_token: token } = await subject.tokens();
      await subject.post(revocation, { token });
      const { json } = await ask(token);
      if (json["active"] !== false) return undecided("the token is still active");
      return verdict(Object.keys(json).length === 1, Object.keys(json).join(", "));
    }),
  },
  {
    id: "introspect-anonymous",
    clause: "RFC 7662 §2.1",
    level: "must",
    requirement: "Refuses a request without authentication.",
    run: withIntrospection(async (_ask, subject) => {
      const { access_token: token } = await subject.tokens();
      const received = await subject.post(subject.endpoints.introspection!, { token }, "anonymous");
      return verdict(received.json["active"] !== true && received.status >= 400, inShort(received));
    }),
  },
  {
    id: "introspect-spent",
    clause: "RFC 7662 §4",
    level: "observed",
    requirement: "Whether an access token stays active after the refresh that replaced it.",
    run: withIntrospection(async (ask, subject) => {
      const { access_token: access, refresh_token: refresh } = await subject.tokens();
      if (refresh === undefined) return notOffered("there are no refresh tokens");
      const received = await subject.refresh(refresh);
      if (typeof received.json["access_token"] !== "string") return undecided(inShort(received));
      await ask(received.json["access_token"]);
      return observed(
        (await ask(access)).json["active"] === true ? "it lives to its own end" : "it is dead once the new one is used",
      );
    }),
  },
];
