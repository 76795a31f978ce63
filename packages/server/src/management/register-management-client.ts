import type { ClientSecret, Scope } from "@symbolon/protocol";
import type { Application } from "../applications/application.ts";
import { validateDisplayName } from "../clients/display-name.ts";
import { registerClient } from "../clients/register-client.ts";
import type { Deps } from "../deps.ts";
import { invalid, problemsOf, type Validated } from "../field-problem.ts";
import { managementScopes } from "./access.ts";

/**
 * Stores a client of the management API: confidential, without redirect URIs, for `scope` (absent: all three). Its
 * secret is in this answer and nowhere else. Only the command calls this: the API cannot make clients of its own.
 */
export async function registerManagementClient(
  input: { name?: string | undefined; scope?: string | undefined },
  deps: Pick<Deps, "store" | "keyring" | "clock" | "random">,
): Promise<Validated<{ client: Application; secret: ClientSecret }, "name" | "scope">> {
  const name = validateDisplayName(input.name);
  const scope = validateManagementScope(input.scope);
  if (!name.ok || !scope.ok) return { ok: false, problems: problemsOf<"name" | "scope">([name, scope]) };
  const { client, secret } = await registerClient(
    {
      name: name.value,
      type: "confidential",
      authMethod: null,
      redirectUris: [],
      scope: scope.value,
      replay: { preset: "lazy" },
      accessTokenLifetimes: [],
    },
    deps,
  );
  return { ok: true, value: { client, secret: secret! } };
}

function validateManagementScope(text: string | undefined): Validated<Scope, "scope"> {
  if (text === undefined) return { ok: true, value: managementScopes };
  const names = text.split(" ").filter((name) => name !== "");
  const unknown = names.filter((name) => !managementScopes.includes(name as (typeof managementScopes)[number]));
  if (names.length > 0 && unknown.length === 0) return { ok: true, value: [...new Set(names)] };
  return invalid("scope", `must be some of ${managementScopes.join(", ")}`, {
    value: unknown[0] ?? "",
    allowed: managementScopes,
  });
}
