import {
  formatScope,
  type ClientId,
  type EpochSeconds,
  type Owner,
  type ResourceName,
  type TokenPointer,
} from "@symbolon/protocol";
import { isExternal, subOf } from "../accounts/owner.ts";
import type { ServerConfig } from "../config.ts";
import { fingerprintOf } from "../grants/new-grant.ts";
import { audiencesOf, scopeOf } from "../grants/variants.ts";
import type { Grant } from "../grants/grant.ts";
import type { ActiveToken } from "./inspect.ts";

/** RFC 7662 §2.2, with `resource` and `resource_owner` as Gusto answers them (gusto-and-fitbit.md). */
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
      sub: string;
      aud: string | readonly string[];
      iss: string;
      jti: string;
    } & ResourceMembers);

export type ResourceMembers = {
  resource: { type: string; uuid: string } | null;
  resource_owner: { type: string; uuid: string } | null;
};

export const inactive: IntrospectionResponse = Object.freeze({ active: false });

/** The last answer about a grant, and what else it was computed from. */
type Described = { pointer: TokenPointer; owner: ActiveToken["owner"]; issuer: string; answer: IntrospectionResponse };
const described = new WeakMap<Grant, Described>();

/**
 * The answer about an active token. It is a function of the row of the grant, the row of the owner and the pointer, so
 * the last answer is kept, frozen, with the row of the grant, and used while the same rows are in memory
 * (docs/decisions/0015-introspection-answers-are-cached-per-row.md).
 */
export function describeToken(active: ActiveToken, { issuer }: Pick<ServerConfig, "issuer">): IntrospectionResponse {
  const { grant, owner, pointer } = active;
  const last = described.get(grant);
  if (last !== undefined && last.owner === owner && last.issuer === issuer && samePointer(last.pointer, pointer))
    return last.answer;
  const answer = Object.freeze(describe(active, issuer));
  described.set(grant, { pointer, owner, issuer, answer });
  return answer;
}

const samePointer = (one: TokenPointer, other: TokenPointer): boolean =>
  one.issuedAt === other.issuedAt &&
  one.generation === other.generation &&
  one.variant === other.variant &&
  one.keyId === other.keyId;

function describe(
  { grant, variant, owner, application, pointer, expiresAt, token }: ActiveToken,
  issuer: string,
): IntrospectionResponse {
  return {
    active: true,
    scope: formatScope(scopeOf(grant, variant)),
    client_id: application.id,
    ...(owner !== undefined && "email" in owner ? { username: owner.email } : {}),
    token_type: "Bearer",
    exp: expiresAt,
    iat: pointer.issuedAt,
    sub: grant.owner === null ? application.id : subOf(grant.owner),
    aud: audienceMember(audiencesOf(grant, variant), issuer),
    iss: issuer,
    jti: Buffer.from(fingerprintOf(token).subarray(0, 16)).toString("base64url"),
    ...resourceMembers(grant),
  };
}

/** A token without audiences is for every resource server of this issuer. */
function audienceMember(audiences: readonly string[], issuer: string): string | readonly string[] {
  if (audiences.length === 0) return issuer;
  return audiences.length === 1 ? audiences[0]! : audiences;
}

export function resourceMembers(grant: Grant): ResourceMembers {
  return {
    resource: grant.resource === null ? null : splitResource(grant.resource),
    resource_owner: grant.owner === null ? null : describeOwner(grant.owner),
  };
}

const describeOwner = (owner: Owner): { type: string; uuid: string } => ({
  type: isExternal(owner) ? "Subject" : "Account",
  uuid: subOf(owner),
});

function splitResource(name: ResourceName): { type: string; uuid: string } {
  const slash = name.indexOf("/");
  return { type: name.slice(0, slash), uuid: name.slice(slash + 1) };
}
