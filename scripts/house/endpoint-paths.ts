import type { Node } from "oxc-parser";
import { isTest, type HouseFile, type Violation } from "./tree.ts";

const table = "packages/server/src/http/routes.ts";
const tables = new Set([table, "packages/server/src/http/management-routes.ts"]);
const endpointPath = /^(?:\{base\})?\/(?:(?:oauth|admin\/v\d|\.well-known|assets)\/|(?:health|ready)$)/;

/** The tables of routes are the only places in the server that name the path of an endpoint. */
export function checkEndpointPaths({ path, text, syntax }: HouseFile): Violation[] {
  if (syntax === undefined || !path.startsWith("packages/server/src/") || tables.has(path) || isTest(path)) return [];
  if (!/oauth\/|admin\/|well-known|assets\/|health|ready/.test(text)) return [];
  const found: Violation[] = [];
  const check = (value: string, { start }: Node): void => {
    if (endpointPath.test(value))
      found.push({ path, line: syntax.lineAt(start), message: `names the path of an endpoint; take it from ${table}` });
  };
  syntax.visit({
    Literal: (node) => typeof node.value === "string" && check(node.value, node),
    TemplateElement: (node) => check(node.value.raw, node),
  });
  return found;
}
