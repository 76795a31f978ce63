import { describe, expect, test } from "vitest";
import { html, safeAppHref, safeHref } from "./html.ts";

describe("WB-07: html escapes what is inserted", () => {
  test("renders a string as text", () => {
    expect(html`<p>${`<img src=x onerror="alert(1)">`}</p>`.toString()).toBe(
      "<p>&lt;img src=x onerror=&quot;alert(1)&quot;&gt;</p>",
    );
  });

  test("a string cannot end an attribute value, in either kind of quotes", () => {
    expect(html`<a title="${`"><svg onload='x'`}" lang='${"' id='y"}'>`.toString()).toBe(
      "<a title=\"&quot;&gt;&lt;svg onload=&#39;x&#39;\" lang='&#39; id=&#39;y'>",
    );
  });

  test("escapes the ampersand of an entity", () => {
    expect(html`${"&lt;b&gt;"}`.toString()).toBe("&amp;lt;b&amp;gt;");
  });

  test("inserts Html unescaped, alone and in lists, and nothing for undefined", () => {
    expect(html`<ul>${[html`<li>${"<1>"}</li>`, html`<li>${2}</li>`]}${undefined}</ul>`.toString()).toBe(
      "<ul><li>&lt;1&gt;</li><li>2</li></ul>",
    );
  });

  test("rejects an object that only looks like Html", () => {
    const forged = { toString: () => "<script>", markup: "<script>" } as unknown as string;
    expect(() => html`${forged}`.toString()).toThrow(TypeError);
  });
});

describe("WB-07: safeHref", () => {
  test.each([
    "/",
    "/authorize?client_id=a&state=b",
    "/reasons/code_expired#top",
    "https://symbolon.example/x",
    "http://127.0.0.1:8080/",
  ])("keeps %s", (href) => {
    expect(safeHref(href)).toBe(href);
  });

  test.each([
    "javascript:alert(1)",
    " javascript:alert(1)",
    "JAVASCRIPT:alert(1)",
    "data:text/html,x",
    "//evil.example",
    "/\\evil.example",
    "/a\\..\\b",
    "vbscript:x",
    "java\nscript:x",
    "",
    "evil",
  ])("replaces %j by #", (href) => expect(safeHref(href)).toBe("#"));
});

describe("WB-07: safeAppHref", () => {
  test.each([
    "com.example.app:/cb?code=a&state=b",
    "myapp://callback",
    "/oauth/consent?transaction=x",
    "https://app.example/cb",
  ])("keeps %s", (href) => expect(safeAppHref(href)).toBe(href));

  test.each([
    "javascript:/x/;alert(1)",
    "data:/text/html,x",
    "blob:/x",
    "file:///etc/passwd",
    "intent://x",
    "cb",
    "a:b",
  ])("replaces %s by #", (href) => expect(safeAppHref(href)).toBe("#"));
});
