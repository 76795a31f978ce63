import { notOffered, undecided, verdict, type Check, type Verdict } from "../check.ts";
import { inShort } from "../received-response.ts";
import type { Subject } from "../subject.ts";

const withRevocation =
  (run: (url: string, subject: Subject) => Promise<Verdict>) =>
  async (subject: Subject): Promise<Verdict> =>
    subject.endpoints.revocation === undefined
      ? notOffered("there is no revocation endpoint")
      : run(subject.endpoints.revocation, subject);

/** Revokes a new refresh token, with or without a hint, and returns the response to a refresh with it. */
const revokeRefresh = (hint: Record<string, string>) =>
  withRevocation(async (url, subject) => {
    const { refresh_token: token } = await subject.tokens();
    if (token === undefined) return notOffered("there are no refresh tokens");
    const revoked = await subject.post(url, { token, ...hint });
    const after = await subject.refresh(token);
    return verdict(revoked.status === 200 && after.status === 400, `${inShort(revoked)}, then ${inShort(after)}`);
  });

export const revokeChecks: readonly Check[] = [
  {
    id: "revoke-refresh",
    clause: "RFC 7009 §2.1",
    level: "must",
    requirement: "Refuses a revoked refresh token.",
    run: revokeRefresh({}),
  },
  {
    id: "revoke-wrong-hint",
    clause: "RFC 7009 §2.1",
    level: "must",
    requirement: "Revokes despite a wrong token_type_hint.",
    run: revokeRefresh({ token_type_hint: "access_token" }),
  },
  {
    id: "revoke-unknown-hint",
    clause: "RFC 7009 §2.2.1",
    level: "must",
    requirement: "Revokes despite an unknown token_type_hint.",
    run: revokeRefresh({ token_type_hint: "teleport_token" }),
  },
  {
    id: "revoke-refresh-access",
    clause: "RFC 7009 §2.1",
    level: "should",
    requirement: "Revokes the access tokens of the grant with its refresh token.",
    run: withRevocation(async (url, subject) => {
      const { refresh_token: token, access_token: access } = await subject.tokens();
      if (token === undefined) return notOffered("there are no refresh tokens");
      await subject.post(url, { token });
      const isActive = await subject.isActive(access);
      return isActive === undefined
        ? undecided("no endpoint tells")
        : verdict(!isActive, isActive ? "still active" : "inactive");
    }),
  },
  {
    id: "revoke-access",
    clause: "RFC 7009 §2.1",
    level: "should",
    requirement: "Refuses a revoked access token.",
    run: withRevocation(async (url, subject) => {
      const { access_token: access } = await subject.tokens();
      const revoked = await subject.post(url, { token: access });
      const isActive = await subject.isActive(access);
      return isActive === undefined
        ? undecided(`${inShort(revoked)}, and no endpoint tells`)
        : verdict(
            revoked.status === 200 && !isActive,
            `${inShort(revoked)}, ${isActive ? "still active" : "inactive"}`,
          );
    }),
  },
  {
    id: "revoke-unknown",
    clause: "RFC 7009 §2.2",
    level: "must",
    requirement: "Answers the revocation of an unknown token with 200.",
    run: withRevocation(async (url, subject) => {
      const received = await subject.post(url, { token: "no-such-token-3f9a" });
      return verdict(received.status === 200, inShort(received));
    }),
  },
  {
    id: "revoke-missing",
    clause: "RFC 7009 §2.1",
    level: "must",
    requirement: "Answers a request without token with an error.",
    run: withRevocation(async (url, subject) => {
      const received = await subject.post(url, { nothing: "here" });
      return verdict(received.status === 400, inShort(received));
    }),
  },
  {
    id: "revoke-anonymous",
    clause: "RFC 7009 §2.1",
    level: "must",
    requirement: "Refuses a revocation without client authentication.",
    run: withRevocation(async (url, subject) => {
      const received = await subject.post(url, { token: "no-such-token-3f9a" }, "anonymous");
      return verdict(received.status === 400 || received.status === 401, inShort(received));
    }),
  },
];
