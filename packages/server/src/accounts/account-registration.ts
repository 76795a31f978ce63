import type { ResourceName } from "@symbolon/protocol";
import type { Random } from "../deps.ts";
import { invalid, missing, problemsOf, type Validated } from "../field-problem.ts";
import type { Account, AccountResource } from "./account.ts";
import { normaliseEmail } from "./email.ts";

/** What an operator decides about a new account, besides its password. */
export type AccountRegistration = Pick<Account, "email" | "resources">;

export type AccountField = keyof AccountRegistration;

/** Checks every field and names every problem. A resource is `Type/Name` or `Type/UUID`: see `validateResource`. */
export function validateAccountRegistration(
  input: { email?: string | undefined; resources: readonly string[] },
  random: Random,
): Validated<AccountRegistration, AccountField> {
  const email = validateEmail(input.email);
  const resources = input.resources.map((text) => validateResource(text, random));
  if (email.ok && resources.every((resource) => resource.ok))
    return { ok: true, value: { email: email.value, resources: resources.map(({ value }) => value) } };
  return { ok: false, problems: problemsOf<AccountField>([email, ...resources]) };
}

function validateEmail(text: string | undefined): Validated<string, "email"> {
  if (text === undefined) return missing("email", "is needed");
  const email = normaliseEmail(text);
  return email === undefined
    ? invalid("email", "must be an e-mail address with one @", { value: text })
    : { ok: true, value: email };
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * `Company/Acme` names a new resource with a random UUID, labelled Acme; `Company/<uuid>` names the one with that UUID.
 */
export function validateResource(text: string, random: Random): Validated<AccountResource, "resources"> {
  const [, type, rest = ""] = /^([A-Za-z][A-Za-z0-9]{0,39})\/(.*)$/u.exec(text.normalize("NFC")) ?? [];
  const label = rest.trim();
  const isGood = type !== undefined && label !== "" && label.length <= 80 && !/\p{Cc}/u.test(label);
  if (!isGood) return invalid("resources", "must be Type/Name or Type/UUID", { value: text });
  const id = uuid.test(label) ? label.toLowerCase() : randomUuid(random);
  return { ok: true, value: { name: `${type}/${id}` as ResourceName, label } };
}

/** @see RFC 9562 §5.4, UUID version 4 */
function randomUuid(random: Random): string {
  const bytes = Uint8Array.from(random(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return Buffer.from(bytes)
    .toString("hex")
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
