import { notOffered, observed, verdict, type Check, type Verdict } from "../check.ts";
import type { Metadata, Subject } from "../subject.ts";

/** A check of the metadata document. Not offered without one, because publishing it is optional. */
const ofDocument =
  (judge: (document: Metadata, subject: Subject) => Verdict) =>
  async (subject: Subject): Promise<Verdict> =>
    subject.metadata === undefined
      ? notOffered("there is no metadata document")
      : judge(subject.metadata.document, subject);

const isSafe = (address: unknown): boolean =>
  typeof address === "string" &&
  (address.startsWith("https://") || /^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?:[:/]|$)/.test(address));

export const metadataChecks: readonly Check[] = [
  {
    id: "metadata-json",
    clause: "RFC 8414 §3.2",
    level: "must",
    requirement: "Serves the metadata document with 200 and application/json.",
    run: ofDocument((_document, { metadata }) =>
      verdict(
        /^application\/json\b/i.test(metadata!.response.headers.get("content-type") ?? ""),
        metadata!.response.headers.get("content-type") ?? "no Content-Type",
      ),
    ),
  },
  {
    id: "metadata-issuer",
    clause: "RFC 8414 §3.3",
    level: "must",
    requirement: "Has an issuer equal to the one that was asked for.",
    run: ofDocument(({ issuer }, { options }) =>
      verdict(issuer === options.issuer, `issuer is ${JSON.stringify(issuer)}`),
    ),
  },
  {
    id: "metadata-required",
    clause: "RFC 8414 §2",
    level: "must",
    requirement: "Has authorization_endpoint, token_endpoint and response_types_supported.",
    run: ofDocument((document) => {
      const absent = ["authorization_endpoint", "token_endpoint", "response_types_supported"].filter(
        (name) => document[name] === undefined,
      );
      return verdict(absent.length === 0, absent.length === 0 ? "all present" : `missing: ${absent.join(", ")}`);
    }),
  },
  {
    id: "metadata-https",
    clause: "RFC 8414 §2",
    level: "must",
    requirement: "Uses https (or loopback) for issuer and endpoints; the issuer has no query and no fragment.",
    run: ofDocument((document) => {
      const unsafe = Object.entries(document).filter(
        ([name, value]) => (name === "issuer" || name.endsWith("_endpoint")) && !isSafe(value),
      );
      const isBare = !/[?#]/.test(String(document["issuer"]));
      return verdict(
        unsafe.length === 0 && isBare,
        unsafe.length === 0
          ? isBare
            ? "all of them"
            : "the issuer has a query or a fragment"
          : unsafe.map(([name]) => name).join(", "),
      );
    }),
  },
  {
    id: "metadata-pkce",
    clause: "RFC 9700 §2.1.1",
    level: "must",
    requirement: "Declares PKCE: code_challenge_methods_supported has S256.",
    run: ofDocument(({ code_challenge_methods_supported: methods }) =>
      verdict(Array.isArray(methods) && methods.includes("S256"), JSON.stringify(methods) ?? "absent"),
    ),
  },
  {
    id: "metadata-plain",
    clause: "RFC 7636 §7.2",
    level: "observed",
    requirement: "Whether code_challenge_method plain is offered.",
    run: ofDocument(({ code_challenge_methods_supported: methods }) =>
      observed(Array.isArray(methods) && methods.includes("plain") ? "offered" : "not offered"),
    ),
  },
];
