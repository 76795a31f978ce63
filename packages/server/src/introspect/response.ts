import {
  formatScope,
  type AccountId,
  type ClientId,
  type EpochSeconds,
  type ResourceName,
  type TokenPointer,
} from "@symbolon/protocol";
import type { Account } from "../accounts/account.ts";
import type { Deps } from "../deps.ts";
import { fingerprintOf } from "../grants/new-grant.ts";
import { audiencesOf, scopeOf } from "../grants/variants.ts";
import type { Grant } from "../grants/grant.ts";
import type { LiveToken } from "./inspect.ts";

/** RFC 7662 §2.2, with `resource` and `resource_owner` as in the Gusto seed. */
export type IntrospectionResponse =
  | { active: false }
  | ({
      active: true;
      scope: string;
      client_id: ClientId;
      username?: string;
      token_type: "Bearer";
      exp: EpochSeconds;
      iat: EpochSeconds;
      sub: AccountId | ClientId;
      aud: string | readonly string[];
      iss: string;
      jti: string;
    } & ResourceMembers);

export type ResourceMembers = {
  resource: { type: string; uuid: string } | null;
  resource_owner: { type: string; uuid: string } | null;
};

export const inactive: IntrospectionResponse = Object.freeze({ active: false });

/** The last answer about a grant, and what it was made of beside the grant's row. */
type Described = { pointer: TokenPointer; owner: Account | undefined; issuer: string; answer: IntrospectionResponse };
const described = new WeakMap<Grant, Described>();

/**
 * The answer about a good token: a function of the grant's row, its owner's, and the pointer. So the last one lies
 * beside the row, frozen, and serves as long as the same rows are in memory
 * (docs/decisions/0015-introspection-answers-are-cached-per-row.md).
 */
export function describeToken(live: LiveToken, deps: Deps): IntrospectionResponse {
  const { grant, owner, pointer } = live;
  const { issuer } = deps.config;
  const last = described.get(grant);
  if (last !== undefined && last.owner === owner && last.issuer === issuer && samePointer(last.pointer, pointer))
    return last.answer;
  const answer = Object.freeze(describe(live, deps));
  described.set(grant, { pointer, owner, issuer, answer });
  return answer;
}

const samePointer = (one: TokenPointer, other: TokenPointer): boolean =>
  one.issuedAt === other.issuedAt &&
  one.generation === other.generation &&
  one.variant === other.variant &&
  one.keyId === other.keyId;

function describe(
  { grant, variant, owner, application, pointer, expiresAt, token }: LiveToken,
  deps: Deps,
): IntrospectionResponse {
  return {
    active: true,
    scope: formatScope(scopeOf(grant, variant)),
    client_id: application.id,
    ...(owner === undefined ? {} : { username: owner.email }),
    token_type: "Bearer",
    exp: expiresAt,
    iat: pointer.issuedAt,
    sub: owner?.id ?? application.id,
    aud: audienceMember(audiencesOf(grant, variant), deps.config.issuer),
    iss: deps.config.issuer,
    jti: Buffer.from(fingerprintOf(token).subarray(0, 16)).toString("base64url"),
    ...resourceMembers(grant),
  };
}

/** A token that names no audience is for every resource server of this issuer. */
function audienceMember(audiences: readonly string[], issuer: string): string | readonly string[] {
  if (audiences.length === 0) return issuer;
  return audiences.length === 1 ? audiences[0]! : audiences;
}

export function resourceMembers(grant: Grant): ResourceMembers {
  return {
    resource: grant.resource === null ? null : splitResource(grant.resource),
    resource_owner: grant.owner === null ? null : { type: "Account", uuid: grant.owner },
  };
}

function splitResource(name: ResourceName): { type: string; uuid: string } {
  const slash = name.indexOf("/");
  return { type: name.slice(0, slash), uuid: name.slice(slash + 1) };
}
