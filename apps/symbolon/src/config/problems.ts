import type { z } from "zod";
import { defaultLifetimes } from "@symbolon/server";
import { suggestion } from "../command/did-you-mean.ts";
import { UsageError } from "../command/failure.ts";
import { keysAt, settingsSchema, type GivenSettings } from "./schema.ts";

/**
 * A source of settings. `label` names a key as the operator wrote it: `port` of the file is `--port` on the command
 * line.
 */
export type Source = { given: unknown; label(path: readonly PropertyKey[]): string };

/** Checks every source. Throws a UsageError with all problems at once, each under the name that the operator wrote. */
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
    throw new UsageError([...new Set(problems)].join("\n"), "symbolon.config.example.ts has every key.");
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
  return [`${source.label(issue.path)} ${issue.message}${actualValue(source.given, issue.path)}`];
}

/** `, not 99999`; empty if the whole object is wrong or the key is missing. */
function actualValue(given: unknown, path: readonly PropertyKey[]): string {
  const value = path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], given);
  if (path.length === 0 || value === undefined) return "";
  return `, not ${typeof value === "object" ? "an object or list" : String(value).slice(0, 80)}`;
}

/** Lifetimes that contradict each other. A lifetime that is not given counts with its default. */
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
