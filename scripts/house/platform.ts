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
      const name = nameOf(node);
      if (name !== undefined && forbiddenMembers.has(name)) report(name, node);
    },
    VariableDeclarator({ id, init }) {
      if (id.type !== "ObjectPattern" || init === null) return;
      const names = id.properties.map((property) => property.type === "Property" && keyOf(property));
      for (const name of names.map((key) => `${nameOf(init)}.${key}`))
        if (forbiddenMembers.has(name)) report(name, init);
    },
    CallExpression(node) {
      const name = nameOf(node.callee);
      if (name !== undefined && forbiddenCalls.has(name)) report(name, node);
    },
    NewExpression(node) {
      if (nameOf(node.callee) === "Date" && node.arguments.length === 0) report("new Date()", node);
    },
  });
  return found;
}

/** `a.b` for `a.b`, `a["b"]` and `globalThis.a.b`; undefined for anything else. */
function nameOf(node: Node): string | undefined {
  if (node.type === "Identifier") return node.name;
  if (node.type !== "MemberExpression") return undefined;
  const object = nameOf(node.object);
  const key = keyOf({ key: node.property, computed: node.computed });
  if (object === undefined || key === undefined) return undefined;
  return object === "globalThis" ? key : `${object}.${key}`;
}

/** The name of a property that is written out. */
function keyOf({ key, computed }: { key: Node; computed: boolean }): string | undefined {
  if (!computed && key.type === "Identifier") return key.name;
  return key.type === "Literal" ? String(key.value) : undefined;
}
