import { notOffered, observed, undecided, verdict, type Check } from "../check.ts";

/** Checks of the iss parameter (RFC 9207), required if the metadata declares it. */
export const issuerChecks: readonly Check[] = [
  {
    id: "iss-on-success",
    clause: "RFC 9207 §2",
    level: "must",
    requirement: "Returns iss equal to the issuer, if the metadata declares it.",
    run: async (subject) => {
      const { back } = await subject.code();
      const iss = back.searchParams.get("iss");
      if (subject.metadata?.document["authorization_response_iss_parameter_supported"] !== true)
        return iss === null
          ? notOffered("it is not promised")
          : verdict(iss === subject.options.issuer, "present, not declared");
      return verdict(
        iss === subject.options.issuer,
        iss === null ? "promised, and absent" : iss === subject.options.issuer ? "the issuer" : "another issuer",
      );
    },
  },
  {
    id: "iss-on-error",
    clause: "RFC 9207 §2",
    level: "must",
    requirement: "Returns iss with error responses too.",
    run: async (subject) => {
      if (subject.metadata?.document["authorization_response_iss_parameter_supported"] !== true)
        return notOffered("it is not promised");
      const { url } = await subject.authorizationUrl({ response_type: "teleport" });
      const { headers } = await subject.get(url);
      const target = headers.get("location");
      if (target === null || !target.startsWith(subject.options.redirectUri)) return undecided("no error redirect");
      return verdict(
        new URL(target).searchParams.get("iss") === subject.options.issuer,
        new URL(target).searchParams.get("iss") === null ? "absent" : "there",
      );
    },
  },
  {
    id: "iss-promised",
    clause: "RFC 9207 §3",
    level: "observed",
    requirement: "Whether the metadata declares iss.",
    run: async ({ metadata }) =>
      observed(
        metadata?.document["authorization_response_iss_parameter_supported"] === true ? "promised" : "not promised",
      ),
  },
];
