import { nowOf, type Provider } from "../../provider/provider.ts";
import type { Application } from "../../provider/application.ts";
import type { EmulatorResponse, EmulatorRequest } from "../../wire/message.ts";
import { errors, legacyVersionError } from "./errors.ts";
import type { GustoSettings } from "./settings.ts";

/** Every known version, with its announced retirement date if there is one. */
const versions: Readonly<Record<string, string | null>> = {
  "2022-09-15": "2026-06-14",
  "2022-11-01": "2026-06-14",
  "2022-12-07": "2026-06-14",
  "2023-02-01": "2026-06-14",
  "2023-03-01": "2026-06-14",
  "2023-04-01": "2026-06-14",
  "2023-05-01": "2026-06-14",
  "2023-06-01": "2026-06-14",
  "2023-07-01": "2026-06-14",
  "2023-09-01": "2026-06-14",
  "2023-12-01": "2026-06-14",
  "2024-03-01": "2026-06-14",
  "2024-04-01": "2026-06-14",
  "2025-06-15": "2026-11-15",
  "2025-11-15": "2027-02-01",
  "2026-02-01": "2027-06-15",
  "2026-06-15": null,
};

/** Every known date of Gusto's version header, oldest first. */
export const gustoVersions = Object.keys(versions);
/** The oldest known version. */
export const oldestGustoVersion = gustoVersions[0]!;
/** The latest known version. */
export const latestGustoVersion = gustoVersions.at(-1)!;

/** The version that answers a request. Dates compare as text. */
export type Version = { date: string };

/**
 * The version that applies: the header's, else the application's minimum, else the latest (also for unauthenticated
 * requests). Refused with 406 if it is malformed, older than the application's minimum, retired or not released yet.
 */
export function readVersion(
  { headers }: EmulatorRequest,
  application: Application | undefined,
  provider: Provider,
  settings: GustoSettings,
): Version | EmulatorResponse {
  const today = new Date(nowOf(provider) * 1000).toISOString().slice(0, 10);
  const isScheduled = settings.versions === "schedule";
  const living = gustoVersions.filter(
    (date) => !isScheduled || (date <= today && (versions[date] === null || today <= versions[date]!)),
  );
  const oldest = living[0] ?? latestGustoVersion;
  const latest = living.at(-1) ?? latestGustoVersion;
  const own = application?.minimumApiVersion ?? null;
  const minimum = own === null || own < oldest ? oldest : own;
  const header = headers["x-gusto-api-version"];
  if (header === undefined || header === "") return { date: own === null ? latest : minimum };
  if (!/^\d{4}-\d{2}-\d{2}$/.test(header) || Number.isNaN(Date.parse(header)))
    return errors(406, "invalid_api_version", "Not a version. Expected format: YYYY-MM-DD", "request");
  if (header < minimum) return legacyVersionError(header, minimum);
  if (header > today && header > latest)
    return errors(406, "invalid_api_version", `${header} is in the future`, "request");
  return { date: gustoVersions.findLast((date) => date <= header)! };
}

/** Clients of 2024-04-01 and older require created_at as text (gusto-and-fitbit.md §2.4). */
export const createdAtIsText = ({ date }: Version): boolean => date <= "2024-04-01";

/** From this version on every endpoint needs a token of one company. */
export const needsStrictToken = ({ date }: Version): boolean => date >= "2023-05-01";
