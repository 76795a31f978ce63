/**
 * Reads TypeScript just well enough to tell code from comments, strings and regular expressions, without a parser.
 * `code` has the length and the line breaks of the source; what is not code is blank in it, so an index into one is an
 * index into the other. `literals` are the strings and templates, in the order in which they begin.
 */
export type SourceText = { code: string; literals: readonly Literal[] };

export type Literal = {
  /** Index of the opening quote, and the index after the closing one. */
  start: number;
  end: number;
  quote: '"' | "'" | "`";
  /** What stands between the quotes, escapes resolved; a substitution of a template is written `${}`. */
  text: string;
  substitutions: number;
};

export function readSourceText(source: string): SourceText {
  const out: string[] = Array.from({ length: source.length }, (_, index) => (source[index] === "\n" ? "\n" : " "));
  const literals: Literal[] = [];
  let at = 0;

  const keep = (): void => void (out[at] = source[at++]!);
  const skipTo = (end: number): void => void (at = end);

  /** Runs to the end of the source, or to the `}` that closes a substitution. */
  const readCode = (inSubstitution: boolean): void => {
    let depth = 0;
    while (at < source.length) {
      const char = source[at]!;
      if (source.startsWith("//", at)) skipTo(indexOrEnd(source, "\n", at));
      else if (source.startsWith("/*", at)) skipTo(indexOrEnd(source, "*/", at) + 2);
      else if (char === '"' || char === "'") readString(char);
      else if (char === "`") readTemplate();
      else if (char === "/" && regexMayStart(out, at)) skipTo(endOfRegex(source, at));
      else if (char === "}" && inSubstitution && depth === 0) return;
      else {
        depth += char === "{" ? 1 : char === "}" ? -1 : 0;
        keep();
      }
    }
  };

  const readString = (quote: '"' | "'"): void => {
    const start = at;
    let text = "";
    keep();
    while (at < source.length && source[at] !== quote && source[at] !== "\n") text += readCharacter();
    if (source[at] === quote) keep();
    literals.push({ start, end: at, quote, text, substitutions: 0 });
  };

  const readTemplate = (): void => {
    const literal: Literal = { start: at, end: at, quote: "`", text: "", substitutions: 0 };
    literals.push(literal);
    keep();
    while (at < source.length && source[at] !== "`") {
      if (source.startsWith("${", at)) {
        at++;
        keep();
        readCode(true);
        keep();
        literal.text += "${}";
        literal.substitutions++;
      } else literal.text += readCharacter();
    }
    keep();
    literal.end = at;
  };

  const readCharacter = (): string => {
    const char = source[at++]!;
    return char === "\\" ? (source[at++] ?? "") : char;
  };

  readCode(false);
  return { code: out.join("").slice(0, source.length), literals };
}

export const lineOf = (source: string, index: number): number => source.slice(0, index).split("\n").length;

/** Index of the bracket that closes the one at `open`, or the end of the code. */
export function closingBracket(code: string, open: number): number {
  let depth = 0;
  for (let at = open; at < code.length; at++) {
    if ("([{".includes(code[at]!)) depth++;
    else if (")]}".includes(code[at]!) && --depth === 0) return at;
  }
  return code.length;
}

/** Index of the bracket that the one at `close` closes, or -1. */
export function openingBracket(code: string, close: number): number {
  let depth = 0;
  for (let at = close; at >= 0; at--) {
    if (")]}".includes(code[at]!)) depth++;
    else if ("([{".includes(code[at]!) && --depth === 0) return at;
  }
  return -1;
}

function indexOrEnd(source: string, wanted: string, from: number): number {
  const found = source.indexOf(wanted, from);
  return found < 0 ? source.length : found;
}

/** A slash divides after a value, and begins a regular expression anywhere else. */
function regexMayStart(before: readonly string[], at: number): boolean {
  let end = at;
  while (end > 0 && /\s/.test(before[end - 1]!)) end--;
  if (end === 0) return true;
  const line = before.slice(Math.max(0, end - 12), end).join("");
  if (/(?:^|[^\w$])(?:return|typeof|case|in|of|delete|void|throw|else|do|yield|await)$/.test(line)) return true;
  return !/[\w$)\]"'`]$/.test(line);
}

function endOfRegex(source: string, start: number): number {
  let inClass = false;
  let at = start + 1;
  for (; at < source.length && source[at] !== "\n"; at++) {
    const char = source[at];
    if (char === "\\") at++;
    else if (char === "[") inClass = true;
    else if (char === "]") inClass = false;
    else if (char === "/" && !inClass) return at + 1 + /^[a-z]*/.exec(source.slice(at + 1, at + 10))![0].length;
  }
  return at;
}
