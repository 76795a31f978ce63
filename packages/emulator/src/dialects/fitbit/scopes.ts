import type { Application } from "../../provider/application.ts";

/** The documented scopes, each with its abbreviation in a JWT. */
export const fitbitScopes: Readonly<Record<string, string>> = {
  activity: "act",
  cardio_fitness: "cf",
  electrocardiogram: "ecg",
  heartrate: "hr",
  irregular_rhythm_notifications: "irn",
  location: "loc",
  nutrition: "nut",
  oxygen_saturation: "oxy",
  profile: "pro",
  respiratory_rate: "res",
  settings: "set",
  sleep: "sle",
  social: "soc",
  temperature: "tem",
  weight: "wei",
};

/** Formats scopes as Java prints a map: `{ACTIVITY=READ, HEARTRATE=READ}`. */
export const scopeMap = (scope: readonly string[], { readWrite }: Pick<Application, "readWrite">): string =>
  `{${scope
    .toSorted()
    .map((name) => `${name.toUpperCase()}=${readWrite ? "READ_WRITE" : "READ"}`)
    .join(", ")}}`;

export const abbreviated = (scope: readonly string[], { readWrite }: Pick<Application, "readWrite">): string =>
  scope.map((name) => `${readWrite ? "w" : "r"}${fitbitScopes[name] ?? name.slice(0, 3)}`).join(" ");
