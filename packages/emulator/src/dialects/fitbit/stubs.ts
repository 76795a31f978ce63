import type { Person } from "../../provider/application.ts";

/** The path below the user, split at slashes without `.json`: `["activities", "date", "2026-10-01"]`. */
type Segments = readonly string[];

/**
 * The body of a day without data, in the shape of the real API, so that clients that read members of it work.
 * undefined: the path has no stub.
 */
export function stubOf(segments: Segments, person: Pick<Person, "id" | "name">): unknown {
  const [first = "", second = "", third = ""] = segments;
  switch (first) {
    case "profile":
      return profile(person);
    case "activities":
      if (second === "" || second === "date") return second === "" ? lifetime : activitySummary;
      if (second === "list") return { activities: [], pagination };
      return second === "tracker" ? series(`activities-tracker-${third}`, segments) : activitySeries(second, segments);
    case "sleep":
      if (second === "list") return { pagination, sleep: [] };
      return { sleep: [], summary: { totalMinutesAsleep: 0, totalSleepRecords: 0, totalTimeInBed: 0 } };
    case "body":
      return second === "log" ? { [third]: [] } : series(`body-${second}`, segments);
    case "foods":
      return third === "water" ? { summary: { water: 0 }, water: [] } : foodLog;
    case "devices":
    case "spo2":
      return [];
    case "friends":
      return { data: [] };
    case "hrv":
      return { hrv: [] };
    case "br":
      return { br: [] };
    case "temp":
      return second === "core" ? { tempCore: [] } : { tempSkin: [] };
    case "cardioscore":
      return { cardioScore: [] };
    case "ecg":
      return { ecgReadings: [], pagination };
    default:
      return undefined;
  }
}

const activitySeries = (resource: string, segments: Segments): object =>
  resource === "heart"
    ? { "activities-heart": [{ dateTime: dateOf(segments), value: { customHeartRateZones: [], heartRateZones: [] } }] }
    : series(`activities-${resource}`, segments);

const series = (name: string, segments: Segments): object => ({ [name]: [{ dateTime: dateOf(segments), value: "0" }] });

/** The date that a time series asks for: the segment after `date`. */
const dateOf = (segments: Segments): string => segments[segments.indexOf("date") + 1] ?? "today";

const pagination = { afterDate: "", limit: 20, next: "", offset: 0, previous: "", sort: "asc" };

const activitySummary = {
  activities: [],
  goals: { activeMinutes: 30, caloriesOut: 2000, distance: 8.05, floors: 10, steps: 10_000 },
  summary: {
    activeScore: -1,
    activityCalories: 0,
    caloriesBMR: 0,
    caloriesOut: 0,
    distances: [],
    fairlyActiveMinutes: 0,
    lightlyActiveMinutes: 0,
    marginalCalories: 0,
    sedentaryMinutes: 1440,
    steps: 0,
    veryActiveMinutes: 0,
  },
};

const totals = { activeScore: -1, caloriesOut: -1, distance: 0, floors: 0, steps: 0 };
const lifetime = { best: { total: {}, tracker: {} }, lifetime: { total: totals, tracker: totals } };

const foodLog = {
  foods: [],
  goals: { calories: 2000 },
  summary: { calories: 0, carbs: 0, fat: 0, fiber: 0, protein: 0, sodium: 0, water: 0 },
};

const profile = ({ id, name }: Pick<Person, "id" | "name">): object => ({
  user: {
    age: 36,
    avatar: "",
    averageDailySteps: 0,
    dateOfBirth: "1990-12-10",
    displayName: name,
    distanceUnit: "METRIC",
    encodedId: id,
    firstName: name,
    fullName: name,
    gender: "NA",
    height: 170,
    heightUnit: "METRIC",
    lastName: "",
    locale: "en_GB",
    memberSince: "2020-01-01",
    offsetFromUTCMillis: 0,
    startDayOfWeek: "MONDAY",
    strideLengthRunning: 90,
    strideLengthWalking: 70,
    timezone: "Etc/UTC",
    topBadges: [],
    weight: 70,
    weightUnit: "METRIC",
  },
});
