import { fitbit } from "./dialects/fitbit/dialect.ts";
import { defaultFitbitSettings, type FitbitSettings } from "./dialects/fitbit/settings.ts";
import { googleHealth } from "./dialects/google-health/dialect.ts";
import { defaultGoogleHealthSettings, type GoogleHealthSettings } from "./dialects/google-health/settings.ts";
import { gusto } from "./dialects/gusto/profile.ts";
import { defaultGustoSettings, type GustoSettings } from "./dialects/gusto/settings.ts";
import { BadField } from "./control/fields.ts";
import type { Profile } from "./provider/provider.ts";
import { profiles, type ProfileName } from "./profiles.ts";

/** The values that a setting takes: one of these words, a whole number, a number or `none`, text, or text or `none`. */
type Choice = readonly string[] | "number" | "number or none" | "text" | "text or none";

const gustoChoices: Record<keyof GustoSettings, Choice> = {
  environment: ["demo", "production"],
  versions: ["all", "schedule"],
  requestsPerMinute: "number or none",
  tokenErrors: ["rfc6749", "errors"],
  secretInUrl: ["refuse", "accept"],
  basicAlone: ["accept", "refuse"],
  state: ["echo", "drop"],
  pkce: ["honour", "ignore"],
  unauthorizedBody: ["empty", "errors"],
  forbiddenCategory: "text",
  tokenInfoScope: "text or none",
  strictAccess: ["legacy_refresh_token", "unsupported"],
};

const fitbitChoices: Record<keyof FitbitSettings, Choice> = {
  shutdown: ["ignore", "schedule"],
  requestsPerHour: "number or none",
  simultaneousRefresh: ["409", "same_answer"],
  pkceMismatch: ["invalid_grant", "invalid_request"],
  authorizeErrorStatus: "number",
  clientCredentialsAnswer: ["short", "full"],
  otherExpiresIn: ["default", "refuse"],
  unknownRevocation: ["200", "400"],
  refreshTokenIntrospection: ["inactive", "active"],
};

const googleHealthChoices: Record<keyof GoogleHealthSettings, Choice> = {
  publishing: ["production", "testing"],
  liveRefreshTokens: "number",
};

type Vendor = { choices: Readonly<Record<string, Choice>>; defaults: object; make(settings: object): Profile };

const vendors: Readonly<Record<string, Vendor>> = {
  gusto: { choices: gustoChoices, defaults: defaultGustoSettings, make: gusto },
  fitbit: { choices: fitbitChoices, defaults: defaultFitbitSettings, make: fitbit },
  "google-health": { choices: googleHealthChoices, defaults: defaultGoogleHealthSettings, make: googleHealth },
};

/** The settings of a profile with their values and defaults, for help and docs. */
export const settingsOf = (name: ProfileName): { name: string; choice: string; byDefault: string }[] =>
  Object.entries(vendors[name]?.choices ?? {}).map(([setting, choice]) => ({
    name: setting,
    choice: typeof choice === "string" ? choice : choice.join(" | "),
    byDefault: String((vendors[name]!.defaults as Record<string, unknown>)[setting] ?? "none"),
  }));

/** The profile with `name=value` settings. Throws a BadField that names an unknown setting or invalid value. */
export function profileWith(name: ProfileName, assignments: readonly string[]): Profile {
  if (assignments.length === 0) return profiles[name];
  const vendor = vendors[name];
  const settings = assignments.map((assignment): [string, string | number | null] => {
    const [setting = "", ...rest] = assignment.split("=");
    const choice = vendor !== undefined && Object.hasOwn(vendor.choices, setting) ? vendor.choices[setting] : undefined;
    if (choice === undefined) throw new BadField(`${name} has no setting ${setting === "" ? assignment : setting}`);
    return [setting, readChoice(setting, rest.join("="), choice)];
  });
  return vendor!.make(Object.fromEntries(settings));
}

function readChoice(setting: string, value: string, choice: Choice): string | number | null {
  if (typeof choice === "object") {
    if (!choice.includes(value)) throw new BadField(`${setting} must be one of ${choice.join(", ")}`);
    return setting === "unknownRevocation" ? Number(value) : value;
  }
  if (choice.endsWith("or none") && value === "none") return null;
  if (choice.startsWith("text")) return value;
  if (!/^\d{1,9}$/.test(value)) throw new BadField(`${setting} must be a ${choice}`);
  return Number(value);
}
