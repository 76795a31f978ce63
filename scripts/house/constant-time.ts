import type { Expression } from "oxc-parser";
import { isTest, type HouseFile, type Violation } from "./tree.ts";

/** The last word of a name: `secretDigest` and `slot.digest` are digests, `digestLength` and `macs` are not. */
const secretName = /(?:^|[a-z_#])(?:digest|hmac|mac|secret|signature|password|fingerprint)$/i;

/**
 * Where the server keeps secrets, `timingSafeEqual` alone compares them and their digests: another comparison ends at
 * the first byte that differs, and its time tells how many were right.
 * @see attacks OP-06
 */
export function checkConstantTime({ path, text, syntax }: HouseFile): Violation[] {
  const isChecked = /^packages\/(?:server|store-[^/]+)\/src\//.test(path) && !isTest(path);
  if (syntax === undefined || !isChecked || !/digest|mac|secret|signature|password|fingerprint/i.test(text)) return [];
  const found: Violation[] = [];
  const report = (start: number, name: string): void =>
    void found.push({ path, line: syntax.lineAt(start), message: `compares ${name}; use timingSafeEqual` });
  syntax.visit({
    BinaryExpression: ({ start, operator, left, right }) => {
      if (!/^[!=]==?$/.test(operator) || isConstant(left) || isConstant(right)) return;
      const name = secretNameOf(left) ?? secretNameOf(right);
      if (name !== undefined) report(start, name);
    },
    CallExpression: ({ start, callee, arguments: given }) => {
      if (callee.type !== "MemberExpression" || callee.property.type !== "Identifier") return;
      if (!/^(?:equals|compare|localeCompare)$/.test(callee.property.name)) return;
      const name = [callee.object, ...given].map((part) => secretNameOf(part)).find((part) => part !== undefined);
      if (name !== undefined) report(start, name);
    },
  });
  return found;
}

/** `undefined`, a number, a string: what is compared with it is a presence or a kind, and no secret. */
const isConstant = (node: { type: string; name?: unknown }): boolean =>
  node.type === "Literal" ||
  node.type === "UnaryExpression" ||
  (node.type === "Identifier" && node.name === "undefined");

function secretNameOf(node: Expression | { type: string }): string | undefined {
  if (node.type === "ParenthesizedExpression" || node.type === "ChainExpression" || node.type === "TSNonNullExpression")
    return secretNameOf((node as { expression: Expression }).expression);
  const named = node as { name?: string; property?: { name?: string }; callee?: Expression };
  if (node.type === "CallExpression") return secretNameOf(named.callee!);
  const name =
    node.type === "Identifier" ? named.name : node.type === "MemberExpression" ? named.property?.name : undefined;
  return name !== undefined && secretName.test(name) ? name : undefined;
}
