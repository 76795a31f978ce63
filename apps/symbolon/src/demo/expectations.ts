import { Failure } from "../command/failure.ts";
import type { Answer } from "./client.ts";

export type Tokens = { access: string; refresh: string; expiresIn: unknown; scope: unknown };

/** The tokens of a successful token response; `problem` begins the message otherwise. */
export function tokensOf(answer: Answer, problem: string): Tokens {
  const body = expectStatus(answer, 200, problem);
  const { access_token: access, refresh_token: refresh } = body;
  if (typeof access !== "string" || typeof refresh !== "string")
    throw new Failure("The token response does not have both tokens.");
  return { access, refresh, expiresIn: body["expires_in"], scope: body["scope"] };
}

export const shownTokens = ({ access, refresh, expiresIn, scope }: Tokens): Record<string, unknown> => ({
  access_token: access,
  refresh_token: refresh,
  expires_in: expiresIn,
  scope,
});

export function expectStatus({ status, body }: Answer, wanted: number, problem: string): Answer["body"] {
  if (status === wanted) return body;
  const error = [body["error"], body["error_description"]].filter((part) => typeof part === "string").join(": ");
  throw new Failure(`${problem} (${status}${error === "" ? "" : `, ${error}`}).`);
}

/** An inactive token is answered exactly `{"active":false}`. @see RFC 7662 §2.2 */
export function expectActive(answer: Answer, wanted: boolean, token: string): Answer["body"] {
  const body = expectStatus(answer, 200, `${token}: introspection was refused`);
  if (body["active"] !== wanted) throw new Failure(`${token} must be ${wanted ? "active" : "inactive"}, but is not.`);
  if (!wanted && Object.keys(body).length > 1)
    throw new Failure(`${token} is inactive, but the response says more than {"active":false}.`);
  return body;
}
