import type { Node } from "oxc-parser";
import { isTest, type HouseFile, type Violation } from "./tree.ts";

const forbiddenMembers = new Set(["Date.now", "Math.random", "performance.now"]);
const forbiddenCalls = new Set(["fetch", "setTimeout", "setInterval"]);
const forbiddenNames = /^(?:hrtime|random(?:Bytes|UUID|FillSync|Fill|Int)|getRandomValues)$/;

/** Files that may use the clock, randomness, the network and timers have a name that says so. */
const edge = /edge|clock|random|timer/;

/** The clock, randomness, the network and timers are arguments. @see style.md §6 */
export function checkPlatform({ path, syntax }: HouseFile): Violation[] {
  if (syntax === undefined || !/^packages\/[^/]+\/src\//.test(path) || isTest(path)) return [];
  if (edge.test(path.split("/").at(-1)!)) return [];
  const found: Violation[] = [];
  const report = (name: string, { start }: Node): void =>
    void found.push({
      path,
      line: syntax.lineAt(start),
      message: `${name} is used; take it as an argument, or move it to a file named *edge*, *clock*, *random* or *timer*`,
    });
  syntax.visit({
    Identifier: (node) => forbiddenNames.test(node.name) && report(node.name, node),
    MemberExpression(node) {
      if (node.object.type !== "Identifier" || node.property.type !== "Identifier") return;
      const name = `${node.object.name}.${node.property.name}`;
      if (forbiddenMembers.has(name)) report(name, node);
    },
    CallExpression(node) {
      if (node.callee.type === "Identifier" && forbiddenCalls.has(node.callee.name)) report(node.callee.name, node);
    },
    NewExpression(node) {
      const isDate = node.callee.type === "Identifier" && node.callee.name === "Date";
      if (isDate && node.arguments.length === 0) report("new Date()", node);
    },
  });
  return found;
}
