import { notOffered, observed, verdict, type Check } from "../check.ts";
import { inShort, isError, mayBeStored } from "../received-response.ts";
import { proofOf } from "../subject.ts";

export const tokenChecks: readonly Check[] = [
  {
    id: "token-get",
    clause: "RFC 6749 §3.2",
    level: "must",
    requirement: "Answers POST only.",
    run: async (subject) => {
      const received = await subject.get(`${subject.endpoints.token}?grant_type=client_credentials`);
      return verdict(received.status >= 400, inShort(received));
    },
  },
  {
    id: "token-no-grant-type",
    clause: "RFC 6749 §5.2",
    level: "must",
    requirement: "Answers a request without grant_type with 400 invalid_request.",
    run: async (subject) => {
      const received = await subject.post(subject.endpoints.token, { nothing: "here" });
      return verdict(isError(received, 400, "invalid_request"), inShort(received));
    },
  },
  {
    id: "token-grant-type",
    clause: "RFC 6749 §5.2",
    level: "must",
    requirement: "Answers an unknown grant_type with 400 unsupported_grant_type.",
    run: async (subject) => {
      const received = await subject.post(subject.endpoints.token, { grant_type: "urn:example:teleport" });
      return verdict(isError(received, 400, "unsupported_grant_type"), inShort(received));
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
      const received = await subject.post(subject.endpoints.token, form.toString());
      return verdict(received.status === 400, inShort(received));
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
      const received = await subject.refresh(token, { scope: "" });
      return verdict(received.status === 200, inShort(received));
    },
  },
  {
    id: "token-unknown-parameter",
    clause: "RFC 6749 §3.2",
    level: "must",
    requirement: "Ignores unknown parameters.",
    run: async (subject) => {
      const received = await subject.redeem(await subject.code(), { example_unknown: "x" });
      return verdict(received.status === 200, inShort(received));
    },
  },
  {
    id: "token-error-json",
    clause: "RFC 6749 §5.2",
    level: "must",
    requirement: "Returns errors as JSON.",
    run: async (subject) => {
      const received = await subject.post(subject.endpoints.token, { grant_type: "urn:example:teleport" });
      return verdict(
        /^application\/json\b/i.test(received.headers.get("content-type") ?? ""),
        `${received.headers.get("content-type")}, ${mayBeStored(received) ? "without no-store" : "no-store"}`,
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
      const received = await subject.post(
        subject.endpoints.token,
        { grant_type: "refresh_token", refresh_token: "x" },
        proofOf({ id: subject.options.client.id, secret: "wrong-secret-3f9a" }, "client_secret_basic").headers,
      );
      const challenge = received.headers.get("www-authenticate");
      return verdict(
        isError(received, 401, "invalid_client") && /^basic\b/i.test(challenge ?? ""),
        `${inShort(received)}, ${challenge === null ? "no challenge" : challenge.split(" ")[0]}`,
      );
    },
  },
  {
    id: "client-unknown",
    clause: "RFC 6749 §5.2",
    level: "must",
    requirement: "Answers an unknown client with invalid_client, 400 or 401.",
    run: async (subject) => {
      const received = await subject.post(
        subject.endpoints.token,
        { grant_type: "refresh_token", refresh_token: "x" },
        proofOf({ id: "no-such-client-3f9a", secret: "x" }, "client_secret_basic").headers,
      );
      return verdict(
        isError(received, 401, "invalid_client") || isError(received, 400, "invalid_client"),
        inShort(received),
      );
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
      const received = await subject.post(
        url,
        {
          grant_type: "authorization_code",
          code: coded.code,
          redirect_uri: subject.options.redirectUri,
          code_verifier: coded.verifier,
        },
        "anonymous",
      );
      return verdict(received.status >= 400, inShort(received));
    },
  },
];
