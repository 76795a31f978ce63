import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeFormComponent, parseForm, parseFormUnchecked } from "./form.ts";

/** Any text, lone surrogates included. */
const anyText = fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)) });

const entriesOf = (text: string): Record<string, string> | string => {
  const form = parseForm(text);
  return form.ok ? Object.fromEntries(form.value) : form.reason;
};

describe("HT-04: parseForm repairs nothing", () => {
  test.each([
    ["a lone percent sign", "a=%"],
    ["half an escape", "a=%4"],
    ["an escape that is no hex", "a=%zz"],
    ["a script's escape", "a=%u0061"],
    ["a byte that is no UTF-8", "a=%FF"],
    ["an overlong encoding", "a=%C0%AF"],
    ["an encoded surrogate", "a=%ED%A0%80"],
    ["a cut sequence", "a=%E2%82"],
    ["a code point beyond Unicode", "a=%F5%80%80%80"],
    ["a raw space", "a=b c"],
    ["a raw line break", "a=b\nc"],
    ["a raw tab", "a=b\tc"],
    ["a raw letter beyond ASCII", "a=é"],
    ["NUL", "a=\0"],
    ["DEL", "a=\x7f"],
    ["a broken escape in a name", "a%=1"],
  ])("%s is form_malformed", (_, text) => expect(entriesOf(text)).toBe("form_malformed"));

  test.each([
    ["brackets in a name", "utm[source]=x"],
    ["escaped brackets in a name", "a%5Bb%5D=1"],
    ["the prototype's name", "__proto__=1"],
    ["the prototype's name in brackets", "__proto__[x]=1&constructor[prototype][x]=1"],
    ["a value without a name", "=1"],
    ["a name of 65 characters", `${"a".repeat(65)}=1`],
    ["a space in a name", "grant+type=1"],
    ["NUL in a name", "a%00=1"],
    ["200 names", Array.from({ length: 200 }, (_, at) => `p${at}=1`).join("&")],
    ["10,000 names", Array.from({ length: 10_000 }, (_, at) => `p${at}=1`).join("&")],
  ])("RFC 6749 §3.2: %s changes no other parameter", (_, unknown) => {
    const form = parseForm(`code=1&${unknown}&state=2`);
    expect(form.ok && [form.value.get("code"), form.value.get("state")]).toEqual(["1", "2"]);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  test("HT-14: sets nothing on a prototype", () => {
    parseForm("constructor=1&toString=2&hasOwnProperty=3");
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(entriesOf("constructor=1&toString=2")).toEqual({ constructor: "1", toString: "2" });
  });
});

describe("RFC 6749 §3.1: parameters", () => {
  test.each(["a=1&a=2", "a=1&a=1", "a=&a=1", "a=1&a=", "a&a", "a=1&%61=2", "a=1&b=2&a=3"])(
    "AP-07: %s repeats a parameter",
    (text) => expect(parseForm(text)).toEqual({ ok: false, reason: "parameter_repeated", parameter: "a" }),
  );

  test("does not repeat an unusual parameter name in the answer", () => {
    expect(parseForm("Injected.Name-1=1&Injected.Name-1=2")).toStrictEqual({ ok: false, reason: "parameter_repeated" });
    expect(parseForm(`${"a".repeat(33)}=1&${"a".repeat(33)}=2`)).toStrictEqual({
      ok: false,
      reason: "parameter_repeated",
    });
  });

  test.each(["", "&", "&&&", "a=", "a", "a&b=&c="])("AP-07: finds no parameter in %j", (text) =>
    expect(entriesOf(text)).toEqual({}),
  );

  test("AP-07: parseFormUnchecked lists a repeated parameter and gives it no value", () => {
    const form = parseFormUnchecked("a=1&b=2&a=3&c=&c=");
    expect(form).toMatchObject({ ok: true, value: { repeated: ["a", "c"] } });
    expect(form.ok && Object.fromEntries(form.value)).toEqual({ b: "2" });
    expect(parseFormUnchecked("a=%&a=1")).toMatchObject({ ok: false, reason: "form_malformed" });
  });

  test("distinguishes upper and lower case in names", () => expect(entriesOf("a=1&A=2")).toEqual({ a: "1", A: "2" }));

  test("RFC 6749 §3.2: a repeated name that is not known is ignored", () => {
    const known = new Set(["a"]);
    const form = parseForm("b=1&a=2&b=3&c[]=4&c[]=5", known);
    expect(form.ok && Object.fromEntries(form.value)).toEqual({ a: "2" });
    expect(parseForm("a=1&b=2&a=3", known)).toMatchObject({ reason: "parameter_repeated", parameter: "a" });
    expect(parseFormUnchecked("a=1&b=1&b=2&a=3", known)).toMatchObject({ value: { repeated: ["a"] } });
  });

  test("splits at the first equals sign only", () => expect(entriesOf("a=b=c")).toEqual({ a: "b=c" }));
});

describe("RFC 8707 §2: resource may repeat", () => {
  test("keeps all of them in order, without empty ones, and none in the map", () => {
    const form = parseForm("resource=https%3A%2F%2Fb.example&a=1&resource=&resource=https%3A%2F%2Fa.example");
    expect(form).toMatchObject({ ok: true, value: { resources: ["https://b.example", "https://a.example"] } });
    expect(entriesOf("resource=x&a=1")).toEqual({ a: "1" });
  });
});

describe("RFC 6749 Appendix B: form encoding", () => {
  test("decodes the example of the appendix", () =>
    expect(decodeFormComponent("+%25%26%2B%C2%A3%E2%82%AC")).toBe(" %&+£€"));

  test("AP-11: accepts every control character that is percent-encoded", () =>
    expect(entriesOf("state=%00%0D%0A%C3%A9")).toEqual({ state: "\0\r\né" }));

  test("reads what the platform encodes", () =>
    fc.assert(
      fc.property(
        fc.dictionary(fc.stringMatching(/^[a-z][a-z_.-]{0,20}$/), fc.string({ unit: "grapheme", minLength: 1 }), {
          maxKeys: 64,
        }),
        (values) => {
          fc.pre(!("resource" in values));
          expect(entriesOf(new URLSearchParams(values).toString())).toEqual({ ...values });
        },
      ),
    ));

  const piece = fc.constantFrom(
    "a",
    "b",
    "resource",
    "=",
    "&",
    "%",
    "%41",
    "%2B",
    "%FF",
    "%C3%A9",
    "%u0061",
    "+",
    " ",
    "é",
    "[",
    "]",
    "\0",
    ";",
    "#",
    "😀",
  );
  const anyForm = fc.oneof(
    fc.array(piece, { maxLength: 30 }).map((parts) => parts.join("")),
    anyText,
  );

  test("reads the same as the platform, or refuses", () =>
    fc.assert(
      fc.property(anyForm, (text) => {
        const form = parseForm(text);
        if (!form.ok) return true;
        const theirs = [...new URLSearchParams(text)].filter(([, value]) => value !== "");
        const ours = [...form.value, ...form.value.resources.map((resource) => ["resource", resource] as const)];
        return JSON.stringify(ours.toSorted()) === JSON.stringify(theirs.toSorted());
      }),
      { numRuns: 2000 },
    ));
});
