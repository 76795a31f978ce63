import { useAccess } from "../../provider/access.ts";
import type { Provider } from "../../provider/provider.ts";
import { readBearer } from "../../wire/credentials.ts";
import { json, type EmulatorResponse, type EmulatorRequest } from "../../wire/message.ts";
import { badBearer, failure, oauthFailure } from "./errors.ts";
import { counted } from "./rate-limit.ts";
import type { FitbitSettings } from "./settings.ts";
import { stubOf } from "./stubs.ts";

/** The scope that a path needs, by the segment after the user id. */
const scopeOf: Readonly<Record<string, string>> = {
  "profile.json": "profile",
  activities: "activity",
  "activities.json": "activity",
  sleep: "sleep",
  body: "weight",
  foods: "nutrition",
  "devices.json": "settings",
  "friends.json": "social",
  hrv: "heartrate",
  spo2: "oxygen_saturation",
  br: "respiratory_rate",
  temp: "temperature",
  cardioscore: "cardio_fitness",
  ecg: "electrocardiogram",
};

/** GET /1/user/{id}/...: the profile, which clients fetch after sign-in, and days without data for the rest. */
export const userData =
  (settings: FitbitSettings) =>
  (request: EmulatorRequest, provider: Provider): EmulatorResponse => {
    const token = readBearer(request);
    if (token === undefined) return oauthFailure(401, "invalid_token", "Access token missing.");
    const access = useAccess(provider, token);
    if (!access.ok) return badBearer(token, access.because);
    return counted(access.held, provider, settings, () => {
      const { grant } = access.held;
      const [, , , user = "-", what = ""] = request.path.split("/");
      if (grant.person === null)
        return failure(
          403,
          "insufficient_permissions",
          "This application does not have permission to access user data",
        );
      if (user !== "-" && user !== grant.person.id)
        return failure(404, "not_found", "The API you are requesting could not be found.");
      const scope = scopeOf[what];
      if (scope === undefined) return failure(404, "not_found", "The API you are requesting could not be found.");
      if (!grant.scope.includes(scope))
        return failure(403, "insufficient_scope", `This application does not have permission to access ${scope} data`);
      const stub = stubOf(
        request.path
          .replace(/\.json$/, "")
          .split("/")
          .slice(4),
        grant.person,
      );
      if (stub === undefined) return failure(404, "not_found", "The API you are requesting could not be found.");
      return json(200, stub);
    });
  };
