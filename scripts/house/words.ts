import type { Node } from "oxc-parser";
import type { HouseFile, Violation } from "./tree.ts";

// The patterns of this file are spelt so that they do not match themselves.
const unfinished = /\b(?:TO{1}DO|FIX{1}ME|X{3}|HA{1}CK)\b/;
const silencers = new Set(["skip", "only", "todo", "skipIf", "runIf", "fails"]);
const silencing = /\.(?:skip|only|todo|skipIf|runIf|fails)\b/;
const vagueWords = new Set(["util", "utils", "helper", "helpers", "common", "misc", "manager", "managers"]);
const registryHost = /:\/\/registry\.[a-z0-9-]+\.[a-z]+|^\s*(?:@\w+:)?registry\s*=/;
const machinePath = /(?:^|[\s"'`(=:])(?:\/(?:home|Users)\/[\w.-]+|\/work\/[\w.-]+|\/root\/[\w.-]+|[A-Z]:\\+Users\\)/;

const perLine = (file: HouseFile, pattern: RegExp, message: string): Violation[] =>
  file.text
    .split("\n")
    .flatMap((line, index) => (pattern.test(line) ? [{ path: file.path, line: index + 1, message }] : []));

/** Work is finished or not shared; what remains to be done is an issue. */
export const checkUnfinished = (file: HouseFile): Violation[] =>
  file.path === "package-lock.json"
    ? []
    : perLine(file, unfinished, "marks unfinished work; finish it, or open an issue");

/** The other rules read the tree, so a file that does not parse must not pass. */
export const checkParses = ({ path, syntax }: HouseFile): Violation[] =>
  (syntax?.errors ?? []).map((message) => ({ path, line: 0, message: `does not parse: ${message}` }));

/** Every test runs, every time, everywhere. */
export function checkSilencedTests({ path, text, syntax }: HouseFile): Violation[] {
  if (syntax === undefined || !silencing.test(text)) return [];
  const found: Violation[] = [];
  syntax.visit({
    MemberExpression(node) {
      if (node.property.type === "Identifier" && silencers.has(node.property.name) && isTestFunction(node.object))
        found.push({ path, line: syntax.lineAt(node.start), message: "silences tests; every test runs, everywhere" });
    },
  });
  return found;
}

/** `test`, `describe.concurrent`, … */
function isTestFunction(node: Node): boolean {
  if (node.type === "MemberExpression") return isTestFunction(node.object);
  return node.type === "Identifier" && /^(?:it|test|describe|suite|bench)$/.test(node.name);
}

/** A name says what the folder or file does. @see docs/reference/style.md §1 */
export function checkNames({ path }: HouseFile): Violation[] {
  const vague = path.split("/").find((part) => part.split(/[-_.]/).some((word) => vagueWords.has(word.toLowerCase())));
  return vague === undefined ? [] : [{ path, line: 0, message: `the name "${vague}" does not say what is in it` }];
}

/** No path or registry of the machine on which the file was written. */
export function checkMachineTraces(file: HouseFile): Violation[] {
  const resolved = file.path.endsWith("package-lock.json")
    ? perLine(
        file,
        /"resolved": "https?:/,
        "names a registry address; .npmrc has omit-lockfile-registry-resolved, so install again",
      )
    : [];
  return [
    ...resolved,
    ...perLine(file, registryHost, "names a package registry; the user chooses one when installing"),
    ...perLine(file, machinePath, "contains a path of one machine"),
  ];
}
