import { checkAny, checkSql } from "./house/any-and-sql.ts";
import { checkArrows } from "./house/arrows.ts";
import { checkCitations } from "./house/citations.ts";
import { checkConstantTime } from "./house/constant-time.ts";
import { checkEndpointPaths } from "./house/endpoint-paths.ts";
import { checkGlossary, countByFolder } from "./house/glossary.ts";
import { checkImportCircles } from "./house/import-circles.ts";
import { checkFileLength, checkLineLength, lineCount, longFiles } from "./house/lengths.ts";
import { readTree, type HouseFile, type Rule, type Violation } from "./house/tree.ts";
import { checkMachineTraces, checkNames, checkParses, checkSilencedTests, checkUnfinished } from "./house/words.ts";
import { checkPlatform } from "./house/platform.ts";

const rules: readonly Rule[] = [
  checkArrows,
  checkParses,
  checkPlatform,
  checkConstantTime,
  checkEndpointPaths,
  checkUnfinished,
  checkSilencedTests,
  checkFileLength,
  checkLineLength,
  checkNames,
  checkMachineTraces,
  checkGlossary,
  checkAny,
  checkSql,
];

/** Checks the rules of this repository that neither the compiler nor the linter knows. */
export const checkHouse = (files: readonly HouseFile[]): Violation[] => [
  ...files.flatMap((file) => rules.flatMap((rule) => rule(file))),
  ...checkImportCircles(files),
  ...checkCitations(files),
];

/** `--glossary` counts the words that each folder still has to replace. */
function main([first]: readonly string[]): void {
  const files = readTree(".");
  if (first === "--glossary") {
    for (const [folder, count] of countByFolder(files)) console.log(`${String(count).padStart(5)}  ${folder}`);
    return;
  }
  const violations = checkHouse(files);
  for (const { path, text } of longFiles(files)) console.log(`warning: ${path} has ${lineCount(text)} lines`);
  for (const { path, line, message } of violations) console.log(`${line === 0 ? path : `${path}:${line}`}  ${message}`);
  console.log(
    violations.length === 0
      ? `${files.length} files keep the house rules`
      : `${violations.length} violations of the house rules`,
  );
  process.exitCode = files.length > 0 && violations.length === 0 ? 0 : 1;
}

if (import.meta.main) main(process.argv.slice(2));
