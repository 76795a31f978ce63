import type { Node } from "oxc-parser";

/** `text` replaces the source between `start` and `end`. */
export type Mutation = { start: number; end: number; text: string; statement?: "block" | "line" };

type Mutate = (node: Node, source: (part: Node) => string, parent: Node | undefined) => string[];

const comparisons: Record<string, readonly string[]> = {
  "<": ["<=", ">="],
  "<=": ["<", ">"],
  ">": [">=", "<="],
  ">=": [">", "<"],
  "==": ["!="],
  "!=": ["=="],
  "===": ["!=="],
  "!==": ["==="],
};
const arithmetic: Record<string, string> = {
  "+": "-",
  "-": "+",
  "*": "/",
  "/": "*",
  "%": "*",
  "**": "*",
  "&": "|",
  "|": "&",
  "^": "&",
  "<<": ">>",
  ">>": "<<",
  ">>>": "<<",
};
const assignments: Record<string, readonly string[]> = {
  "+=": ["-="],
  "-=": ["+="],
  "*=": ["/="],
  "/=": ["*="],
  "||=": ["&&=", "="],
  "&&=": ["||=", "="],
  "??=": ["="],
};
/** An empty string removes the call: its object stays. */
const methods: Record<string, string> = {
  some: "every",
  every: "some",
  startsWith: "endsWith",
  endsWith: "startsWith",
  min: "max",
  max: "min",
  floor: "ceil",
  ceil: "floor",
  filter: "",
  slice: "",
  trim: "",
  sort: "",
  toSorted: "",
  reverse: "",
  toReversed: "",
  toLowerCase: "",
  toUpperCase: "",
};

const isComparison = (node: Node): boolean =>
  node.type === "BinaryExpression" && (node.operator in comparisons || ["in", "instanceof"].includes(node.operator));

const isBoolean = (node: Node): boolean =>
  isComparison(node) ||
  (node.type === "UnaryExpression" && node.operator === "!") ||
  (node.type === "LogicalExpression" && node.operator !== "??" && isBoolean(node.left) && isBoolean(node.right)) ||
  (node.type === "ParenthesizedExpression" && isBoolean(node.expression));

const isTest = (node: Node, parent: Node | undefined): boolean =>
  parent !== undefined && "test" in parent && parent.test === node && parent.type !== "SwitchCase";

/** Both outcomes of a condition; of an operand only the one that its operator does not already give. */
function outcomes(node: Node, parent: Node | undefined): string[] {
  if (isTest(node, parent))
    return parent?.type === "IfStatement" || parent?.type === "ConditionalExpression" ? ["true", "false"] : ["false"];
  if (parent?.type === "ParenthesizedExpression") return [];
  if (parent?.type === "LogicalExpression" && parent.operator !== "??")
    return [parent.operator === "&&" ? "true" : "false"];
  return isBoolean(node) && !(parent?.type === "UnaryExpression") ? ["true", "false"] : [];
}

const byType: Partial<Record<Node["type"], Mutate>> = {
  BinaryExpression: (node, source) => {
    if (node.type !== "BinaryExpression") return [];
    const { left, right, operator } = node;
    const others = comparisons[operator] ?? arithmetic[operator] ?? [];
    const isText = operator === "+" && [left, right].some((side) => /^["'`]/.test(source(side)));
    return isText ? [] : [others].flat().map((other) => `${source(left)} ${other} ${source(right)}`);
  },
  LogicalExpression: (node, source) => {
    if (node.type !== "LogicalExpression") return [];
    const { left, right, operator } = node;
    if (operator === "??") return [source(left), source(right)];
    return [`(${source(left)}) ${operator === "&&" ? "||" : "&&"} (${source(right)})`];
  },
  UnaryExpression: (node, source) =>
    node.type === "UnaryExpression" && (node.operator === "!" || node.operator === "-") ? [source(node.argument)] : [],
  UpdateExpression: (node, source) => {
    if (node.type !== "UpdateExpression") return [];
    const operator = node.operator === "++" ? "--" : "++";
    return [node.prefix ? operator + source(node.argument) : source(node.argument) + operator];
  },
  AssignmentExpression: (node, source) =>
    node.type === "AssignmentExpression"
      ? (assignments[node.operator] ?? []).map((other) => `${source(node.left)} ${other} ${source(node.right)}`)
      : [],
  ArrayExpression: (node) => (node.type === "ArrayExpression" && node.elements.length > 0 ? ["[]"] : []),
  ObjectExpression: (node) => (node.type === "ObjectExpression" && node.properties.length > 0 ? ["{}"] : []),
  Literal: (node) => {
    if (node.type !== "Literal") return [];
    if (typeof node.value === "boolean") return [String(!node.value)];
    return typeof node.value === "string" && isWord(node.value) ? ['""'] : [];
  },
  TemplateLiteral: (node, _source, parent) =>
    node.type === "TemplateLiteral" &&
    parent?.type !== "TaggedTemplateExpression" &&
    node.quasis.every(({ value }) => isWord(value.raw) || value.raw === "") &&
    node.quasis.some(({ value }) => value.raw !== "")
      ? ["``"]
      : [],
  ChainExpression: (node, source) => {
    const text = source(node);
    return optionalsOf(node).map((at) => {
      const offset = text.indexOf("?.", at - node.start);
      const isMember = /^\?\.[[(]/.test(text.slice(offset));
      return text.slice(0, offset) + (isMember ? "" : ".") + text.slice(offset + 2);
    });
  },
  CallExpression: (node, source, parent) => {
    if (node.type !== "CallExpression" || node.callee.type !== "MemberExpression" || node.optional) return [];
    const { object, property, computed, optional } = node.callee;
    if (computed || optional || parent?.type === "ExpressionStatement") return [];
    const name = source(property);
    const other = Object.hasOwn(methods, name) ? methods[name] : undefined;
    if (other === undefined) return [];
    return [other === "" ? source(object) : source(node).replace(`.${name}(`, `.${other}(`)];
  },
};

/** Texts for people are left alone: no test should know them by heart. */
const isWord = (text: string): boolean => text !== "" && !/\s/.test(text);

/** Where each `?.` of a chain ends its left side. */
function optionalsOf(node: Node): number[] {
  if (node.type === "ChainExpression") return optionalsOf(node.expression);
  if (node.type === "MemberExpression")
    return [...optionalsOf(node.object), ...(node.optional ? [node.object.end] : [])];
  if (node.type === "CallExpression") return [...optionalsOf(node.callee), ...(node.optional ? [node.callee.end] : [])];
  return node.type === "TSNonNullExpression" ? optionalsOf(node.expression) : [];
}

/** The changes that are tried at this node. @see docs/mutants.md */
export function mutationsOf(node: Node, text: string, parent: Node | undefined, isInChain: boolean): Mutation[] {
  const source = (part: Node): string => text.slice(part.start, part.end);
  const { start, end } = node;
  if (node.type === "BlockStatement")
    return node.body.length > 0 ? [{ start, end, text: "{}", statement: "block" }] : [];
  if (node.type === "ExpressionStatement" || node.type === "ThrowStatement")
    return [{ start, end, text: ";", statement: "line" }];
  const found = outcomes(node, parent);
  if (parent?.type === "ArrowFunctionExpression" && parent.body === node && !isBoolean(node)) found.push("undefined");
  if (!(isInChain && node.type === "CallExpression")) found.push(...(byType[node.type]?.(node, source, parent) ?? []));
  return [...new Set(found)].map((replacement) => ({ start, end, text: replacement }));
}
