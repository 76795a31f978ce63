import type { z } from "zod";
import { defaultLifetimes } from "@symbolon/server";
import { suggestion } from "../command/did-you-mean.ts";
import { UsageError } from "../command/failure.ts";
import { keysAt, settingsSchema, type GivenSettings } from "./schema.ts";

/** A source of settings, and how it names its keys: `port` of the file is `--port` of the command line. */
export type Source = { given: unknown; label(path: readonly PropertyKey[]): string };

/** Checks every source and refuses with all problems at once, each named as the person wrote it. */
export function checkSources(sources: readonly Source[]): GivenSettings[] {
  const problems: string[] = [];
  const checked = sources.map((source) => {
    const result = settingsSchema.safeParse(source.given);
    if (result.success) {
      problems.push(...contradictions(result.data, source));
      return result.data;
    }
    problems.push(...result.error.issues.flatMap((issue) => problemsOf(issue, source)));
    return {};
  });
  if (problems.length > 0)
    throw new UsageError([...new Set(problems)].join("\n"), "symbolon.config.example.ts shows every key.");
  return checked;
}

function problemsOf(issue: z.core.$ZodIssue, source: Source): string[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => {
      const meant = suggestion(key, keysAt(issue.path));
      return `${source.label([...issue.path, key])} is not a known key${meant}`;
    });
  }
  if (issue.code === "invalid_key") return [`${source.label(issue.path)} ${issue.issues[0]?.message ?? issue.message}`];
  return [`${source.label(issue.path)} ${issue.message}${found(source.given, issue.path)}`];
}

/** `, not 99999`; nothing where the whole object is wrong or the key is missing. */
function found(given: unknown, path: readonly PropertyKey[]): string {
  const value = path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], given);
  if (path.length === 0 || value === undefined) return "";
  return `, not ${typeof value === "object" ? "an object or list" : String(value).slice(0, 80)}`;
}

/** What each key alone cannot tell; a lifetime that is not given counts with its default. */
function contradictions({ lifetimes }: GivenSettings, source: Source): string[] {
  if (lifetimes === undefined) return [];
  const all = { ...defaultLifetimes, ...lifetimes };
  const pairs = [
    ["access", "grantIdle"],
    ["grantIdle", "grantAbsolute"],
    ["sessionIdle", "sessionAbsolute"],
  ] as const;
  return pairs
    .filter(([inner, outer]) => all[inner] > all[outer])
    .map(
      ([inner, outer]) =>
        `${source.label(["lifetimes", inner])} (${all[inner]}) must not be longer than lifetimes.${outer} (${all[outer]})`,
    );
}
