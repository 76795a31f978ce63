import { notOffered, observed, verdict, type Check } from "../check.ts";
import { inShort, isError, mayBeStored } from "../heard.ts";
import { proofOf } from "../subject.ts";

export const tokenChecks: readonly Check[] = [
  {
    id: "token-get",
    clause: "RFC 6749 §3.2",
    level: "must",
    requirement: "Answers POST only.",
    run: async (subject) => {
      const heard = await subject.get(`${subject.endpoints.token}?grant_type=client_credentials`);
      return verdict(heard.status >= 400, inShort(heard));
    },
  },
  {
    id: "token-no-grant-type",
    clause: "RFC 6749 §5.2",
    level: "must",
    requirement: "Answers a request without grant_type with 400 invalid_request.",
    run: async (subject) => {
      const heard = await subject.post(subject.endpoints.token, { nothing: "here" });
      return verdict(isError(heard, 400, "invalid_request"), inShort(heard));
    },
  },
  {
    id: "token-grant-type",
    clause: "RFC 6749 §5.2",
    level: "must",
    requirement: "Answers an unknown grant_type with 400 unsupported_grant_type.",
    run: async (subject) => {
      const heard = await subject.post(subject.endpoints.token, { grant_type: "urn:example:teleport" });
      return verdict(isError(heard, 400, "unsupported_grant_type"), inShort(heard));
    },
  },
  {
    id: "token-repeated",
    clause: "RFC 6749 §3.2",
    level: "must",
    requirement: "Refuses a repeated parameter.",
    run: async (subject) => {
      const coded = await subject.code();
      const form = new URLSearchParams([
        ["grant_type", "authorization_code"],
        ["code", coded.code],
        ["code", coded.code],
        ["redirect_uri", subject.options.redirectUri],
        ["code_verifier", coded.verifier],
      ]);
      const heard = await subject.post(subject.endpoints.token, form.toString());
      return verdict(heard.status === 400, inShort(heard));
    },
  },
  {
    id: "token-empty",
    clause: "RFC 6749 §3.2",
    level: "must",
    requirement: "Treats a parameter without a value as absent.",
    run: async (subject) => {
      const { refresh_token: token } = await subject.tokens();
      if (token === undefined) return notOffered("there are no refresh tokens");
      const heard = await subject.refresh(token, { scope: "" });
      return verdict(heard.status === 200, inShort(heard));
    },
  },
  {
    id: "token-unknown-parameter",
    clause: "RFC 6749 §3.2",
    level: "must",
    requirement: "Ignores unknown parameters.",
    run: async (subject) => {
      const heard = await subject.redeem(await subject.code(), { example_unknown: "x" });
      return verdict(heard.status === 200, inShort(heard));
    },
  },
  {
    id: "token-error-json",
    clause: "RFC 6749 §5.2",
    level: "must",
    requirement: "Returns errors as JSON.",
    run: async (subject) => {
      const heard = await subject.post(subject.endpoints.token, { grant_type: "urn:example:teleport" });
      return verdict(
        /^application\/json\b/i.test(heard.headers.get("content-type") ?? ""),
        `${heard.headers.get("content-type")}, ${mayBeStored(heard) ? "without no-store" : "no-store"}`,
      );
    },
  },
  {
    id: "client-wrong-secret",
    clause: "RFC 6749 §5.2",
    level: "must",
    requirement: "Answers a wrong secret in HTTP Basic with 401 invalid_client and a Basic challenge.",
    run: async (subject) => {
      if (subject.options.client.secret === undefined) return notOffered("a public client has none");
      const heard = await subject.post(
        subject.endpoints.token,
        { grant_type: "refresh_token", refresh_token: "x" },
        proofOf({ id: subject.options.client.id, secret: "wrong-secret-3f9a" }, "client_secret_basic").headers,
      );
      const challenge = heard.headers.get("www-authenticate");
      return verdict(
        isError(heard, 401, "invalid_client") && /^basic\b/i.test(challenge ?? ""),
        `${inShort(heard)}, ${challenge === null ? "no challenge" : challenge.split(" ")[0]}`,
      );
    },
  },
  {
    id: "client-unknown",
    clause: "RFC 6749 §5.2",
    level: "must",
    requirement: "Answers an unknown client with invalid_client, 400 or 401.",
    run: async (subject) => {
      const heard = await subject.post(
        subject.endpoints.token,
        { grant_type: "refresh_token", refresh_token: "x" },
        proofOf({ id: "no-such-client-3f9a", secret: "x" }, "client_secret_basic").headers,
      );
      return verdict(isError(heard, 401, "invalid_client") || isError(heard, 400, "invalid_client"), inShort(heard));
    },
  },
  {
    id: "client-same-answer",
    clause: "RFC 6749 §10.2",
    level: "observed",
    requirement: "Whether an unknown client and a wrong secret get the same answer.",
    run: async (subject) => {
      const ask = (id: string) =>
        subject.post(
          subject.endpoints.token,
          { grant_type: "refresh_token", refresh_token: "x" },
          proofOf({ id, secret: "wrong-secret-3f9a" }, "client_secret_basic").headers,
        );
      const [unknown, wrong] = await Promise.all([ask("no-such-client-3f9a"), ask(subject.options.client.id)]);
      return observed(
        unknown.text === wrong.text && unknown.status === wrong.status
          ? "alike, to the byte"
          : `${inShort(unknown)} and ${inShort(wrong)}, with different error texts`,
      );
    },
  },
  {
    id: "client-secret-in-url",
    clause: "RFC 6749 §2.3.1",
    level: "must",
    requirement: "Refuses client credentials in the URL.",
    run: async (subject) => {
      const { id, secret } = subject.options.client;
      if (secret === undefined) return notOffered("a public client has no secret");
      const coded = await subject.code();
      const url = `${subject.endpoints.token}?${new URLSearchParams({ client_id: id, client_secret: secret }).toString()}`;
      const heard = await subject.post(
        url,
        {
          grant_type: "authorization_code",
          code: coded.code,
          redirect_uri: subject.options.redirectUri,
          code_verifier: coded.verifier,
        },
        "anonymous",
      );
      return verdict(heard.status >= 400, inShort(heard));
    },
  },
];
