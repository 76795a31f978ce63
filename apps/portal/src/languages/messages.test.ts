import { readdirSync, readFileSync } from "node:fs";
import { parseSync, Visitor } from "oxc-parser";
import { describe, expect, test } from "vitest";
import { builtIn } from "./languages.ts";
import { en } from "./en.ts";
import { splitMessage, type MessageName } from "./messages.ts";

const names = Object.keys(en) as MessageName[];
const placeholdersOf = (message: string): string[] => splitMessage(message).filter((_, at) => at % 2 === 1);

describe("Each language has every message", () => {
  test.each(Object.entries(builtIn))("%s: the same names, in the order of English", (_, messages) => {
    expect(Object.keys(messages)).toEqual(names);
  });

  test.each(Object.entries(builtIn))("%s: the same placeholders, each once", (_, messages) => {
    for (const name of names)
      expect({ name, placeholders: placeholdersOf(messages[name]).toSorted() }).toEqual({
        name,
        placeholders: [...new Set(placeholdersOf(en[name]))].toSorted(),
      });
  });

  test.each(Object.entries(builtIn))("%s: no empty message, no markup, no stray brace, no odd space", (_, messages) => {
    for (const message of Object.values(messages)) {
      expect(message).toMatch(/^\S(?:.*\S)?$/);
      expect(message).not.toMatch(/[<>&]|\s\s|\p{Cc}|\p{Cf}/u);
      expect(
        splitMessage(message)
          .filter((_, at) => at % 2 === 0)
          .join(""),
      ).not.toMatch(/[{}]/);
    }
  });

  test("German is translated: only words that both languages share are equal", () => {
    const equal = names.filter((name) => builtIn["de"]![name] === en[name]);
    expect(equal).toEqual([]);
  });
});

describe("Messages speak to the person in plain words", () => {
  /** What only developers and operators know, or can do. */
  const jargon =
    /`|_|\bregister (?:this|it)\b|byte|\bURI|\bURL|client|parameter|header|\bbody\b|scope|token|endpoint|HTTP|OAuth|\bform-encode|\blog\b|configuration|storage|grant|symbolon|operator|percent/i;
  const isForPeople = (name: MessageName): boolean => !/^(?:reason\.|developers|home\.(?:issuer|metadata))/.test(name);

  test.each(names.filter(isForPeople))("%s has no word of developers", (name) => {
    expect(
      splitMessage(en[name])
        .filter((_, at) => at % 2 === 0)
        .join(""),
    ).not.toMatch(jargon);
  });

  test("titles, explanations and actions of problems are sentences", () => {
    for (const name of names.filter((one) => /^(?:problem\..*\.|action\.)/.test(one)))
      for (const messages of Object.values(builtIn)) expect(messages[name]).toMatch(/^\p{Lu}.*\p{L}[.]?$/u);
  });
});

describe("No text of a page comes from elsewhere", () => {
  const folder = new URL("../", import.meta.url);
  const sources = readdirSync(folder).filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"));
  /** Names of standards, and the name of this software, are the same in every language. */
  const untranslated = ["HTTP", "Symbolon", "RFC 8414"];

  /** The words in the templates of a file, between the tags, and its strings of several words. */
  function wordsOf(source: string): string[] {
    const found: string[] = [];
    new Visitor({
      TaggedTemplateExpression: ({ quasi }) =>
        void found.push(...textOf(quasi.quasis.map((it) => it.value.raw).join("\0"))),
      Literal: ({ value }) =>
        void (typeof value === "string" && /\p{L}{2}\s+\p{L}{2}/u.test(value) && found.push(value)),
    }).visit(parseSync("page.ts", source).program);
    return found;
  }
  /** A template is a document, or attributes of a tag. */
  const textOf = (template: string): string[] =>
    (/^(?: [a-z-]+(?:="[^"]*")?)+$/.test(template) ? "" : template)
      .replace(/<script>[^]*<\/script>|<[^>]*>|\\n/g, "\0")
      .split("\0")
      .map((text) => text.trim())
      .filter((text) => /\p{L}{2}/u.test(text));

  test.each(sources)("%s: its templates hold no words", (file) => {
    const found = wordsOf(readFileSync(new URL(file, folder), "utf8"));
    const left = found.map((text) => untranslated.reduce((rest, name) => rest.replaceAll(name, ""), text));
    expect(left.filter((text) => /\p{L}{2}/u.test(text))).toEqual([]);
  });

  test("finds a word in a template, as a check of the check", () => {
    expect(wordsOf('html`<p class="lead">${name} allows <b>this</b></p>`')).toEqual(["allows", "this"]);
  });
});
