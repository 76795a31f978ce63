import { checkAny, checkSql } from "./house/any-and-sql.ts";
import { checkArrows } from "./house/arrows.ts";
import { checkCitations } from "./house/citations.ts";
import { isTest, isTypeScript, readTree, type HouseFile, type Rule, type Violation } from "./house/tree.ts";
import {
  checkLength,
  checkMachineTraces,
  checkNames,
  checkSilencedTests,
  checkUnfinished,
  lineCount,
  longSource,
  longestSource,
} from "./house/words.ts";
import { checkWorld } from "./house/world.ts";

const rules: readonly Rule[] = [
  checkArrows,
  checkWorld,
  checkUnfinished,
  checkSilencedTests,
  checkLength,
  checkNames,
  checkMachineTraces,
  checkAny,
  checkSql,
];

/** The rules of the house that neither the compiler nor the linter knows. */
export const checkHouse = (files: readonly HouseFile[]): Violation[] => [
  ...files.flatMap((file) => rules.flatMap((rule) => rule(file))),
  ...checkCitations(files),
];

/** Files that are near the limit; nothing fails because of them. */
export const longFiles = (files: readonly HouseFile[]): HouseFile[] =>
  files.filter(
    ({ path, text }) =>
      isTypeScript(path) && !isTest(path) && lineCount(text) > longSource && lineCount(text) <= longestSource,
  );

if (import.meta.main) {
  const files = readTree(process.argv[2] ?? ".");
  const violations = checkHouse(files);
  for (const { path, text } of longFiles(files)) console.log(`warning: ${path} has ${lineCount(text)} lines`);
  for (const { path, line, says } of violations) console.log(`${line === 0 ? path : `${path}:${line}`}  ${says}`);
  console.log(
    violations.length === 0
      ? `${files.length} files keep the house rules`
      : `${violations.length} breaches of the house rules`,
  );
  process.exitCode = files.length > 0 && violations.length === 0 ? 0 : 1;
}
