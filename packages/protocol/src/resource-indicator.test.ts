import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isResourceIndicator, resolveResources } from "./resource-indicator.ts";

const registered = ["https://api.example/v1", "https://api.example/v1/", "https://other.example/", "urn:example:files"];

describe("RFC 8707 §2: resource indicators", () => {
  test.each([
    ["nothing", ""],
    ["a relative one", "/v1"],
    ["a host alone", "api.example"],
    ["a scheme alone", "https:"],
    ["a fragment", "https://api.example/v1#a"],
    ["an empty fragment", "https://api.example/v1#"],
    ["a space", "https://api.example/a b"],
    ["a quote", 'https://api.example/"'],
    ["an angle bracket", "https://api.example/<v1>"],
    ["a letter beyond ASCII", "https://äpi.example/"],
    ["a line break", "https://api.example/v1\n"],
    ["2,049 characters", `https://api.example/${"a".repeat(2029)}`],
  ])("AP-20: %s is resource_malformed", (_, text) => {
    expect(isResourceIndicator(text)).toBe(false);
    expect(resolveResources([text], registered)).toMatchObject({ ok: false, reason: "resource_malformed" });
  });

  test("AP-20: refuses nine resources at once", () =>
    expect(
      resolveResources(
        Array.from({ length: 9 }, () => registered[0]!),
        registered,
      ).ok,
    ).toBe(false));

  test.each([
    "https://api.example/v2",
    "https://api.example/V1",
    "https://api.example:443/v1",
    "http://api.example/v1",
    "https://api.example/v1//",
    "https://api.example/v1?",
    "https://api.example.evil.example/v1",
    "urn:EXAMPLE:files",
    "https://api.example/v1/x/..",
  ])("AP-20: %s is resource_unknown", (resource) =>
    expect(resolveResources([resource], registered)).toMatchObject({ ok: false, reason: "resource_unknown" }),
  );

  test("refuses all if one is unknown", () =>
    expect(resolveResources([registered[0]!, "https://evil.example/"], registered)).toMatchObject({
      ok: false,
      reason: "resource_unknown",
    }));

  test("prefers the exact spelling, and returns each resource once, sorted", () =>
    expect(
      resolveResources(
        ["https://other.example/", "https://api.example/v1/", "https://api.example/v1", "https://api.example/v1"],
        registered,
      ),
    ).toEqual({ ok: true, value: ["https://api.example/v1", "https://api.example/v1/", "https://other.example/"] }));

  test("MCP authorization: ignores upper case in scheme and host, and one slash at the end", () => {
    for (const spelling of ["HTTPS://OTHER.example", "https://Other.Example/", "https://other.example"])
      expect(resolveResources([spelling], registered)).toEqual({ ok: true, value: ["https://other.example/"] });
  });

  test("keeps a slash at the end of a query", () =>
    expect(resolveResources(["https://a.example/?x=1/"], ["https://a.example/?x=1"]).ok).toBe(false));

  test("returns registered names only, for any request", () =>
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom(...registered), fc.webUrl(), fc.string())), (asked) => {
        const resolved = resolveResources(asked, registered);
        return !resolved.ok || resolved.value.every((resource) => registered.includes(resource));
      }),
    ));

  test("resolves every registered name to itself", () =>
    fc.assert(
      fc.property(
        fc
          .uniqueArray(fc.webUrl({ withQueryParameters: true }), { minLength: 1, maxLength: 8 })
          .filter((all) => all.every(isResourceIndicator)),
        (all) => {
          expect(resolveResources(all, all)).toEqual({ ok: true, value: all.toSorted() });
        },
      ),
    ));
});
