import { seededRandom } from "@symbolon/testing";
import { describe, expect, test } from "vitest";
import { validateAccountRegistration } from "./account-registration.ts";
import { validatePassword } from "./password-rules.ts";

const uuid = "0d0f6a52-6a3c-4c5e-8a57-2f5a3b1c9d10";
const validate = (email: string | undefined, ...resources: string[]) =>
  validateAccountRegistration({ email, resources }, seededRandom(1));

describe("validateAccountRegistration", () => {
  test("normalises the e-mail address, makes a UUIDv4 for a new resource, keeps an existing UUID", () => {
    expect(validate(" Jo＠Example.COM", "Company/Acme & Söhne", `Company/${uuid.toUpperCase()}`)).toEqual({
      ok: true,
      value: {
        email: "jo@example.com",
        resources: [
          {
            name: expect.stringMatching(
              /^Company\/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
            ),
            label: "Acme & Söhne",
          },
          { name: `Company/${uuid}`, label: uuid.toUpperCase() },
        ],
      },
    });
  });

  test.for([undefined, "a.example", "a@b@c.example", "a b@c.example"])("refuses the e-mail address %s", (email) => {
    expect(validate(email)).toMatchObject({ ok: false, problems: [{ field: "email" }] });
  });

  test.for(["Acme", "Company/", "/Acme", "Company/a\u0007b", `Company/${"a".repeat(81)}`, "Com pany/Acme"])(
    "refuses the resource %j",
    (resource) => {
      const problem = { field: "resources", expected: "must be Type/Name or Type/UUID", value: resource };
      expect(validate("a@b.example", resource)).toMatchObject({ ok: false, problems: [problem] });
    },
  );

  test("names every problem at once", () => {
    const refused = validate("a.example", "Acme", "Company/Acme", "Globex");
    expect(refused.ok ? [] : refused.problems.map(({ field }) => field)).toEqual(["email", "resources", "resources"]);
  });
});

describe("NIST SP 800-63B §3.1.1.2: validatePassword", () => {
  test("normalises to NFKC and seals the password", () => {
    const password = validatePassword("ｃorrect horse", "a@b.example");
    expect(password.ok && password.value.reveal()).toBe("correct horse");
    expect(JSON.stringify(password)).not.toContain("horse");
  });

  test("counts characters, not code units", () => {
    expect(validatePassword("😀".repeat(7), "a@b.example").ok).toBe(false);
    expect(validatePassword("😀".repeat(8), "a@b.example").ok).toBe(true);
  });

  test.for([
    ["an empty password", "", "is empty"],
    ["7 characters", "1234567", "at least 8 characters"],
    ["two lines", "correct horse\nbattery", "single line"],
    ["1025 characters", "a".repeat(1025), "at most 1024 characters"],
    ["a common password", "Password1", "too easy to guess"],
    ["the e-mail address", "A@b.example", "too easy to guess"],
  ] as const)("refuses %s without repeating it", ([, text, expected]) => {
    const refused = validatePassword(text, "a@b.example");
    expect(refused).toMatchObject({ ok: false, problems: [{ field: "password" }] });
    expect(JSON.stringify(refused)).toContain(expected);
    if (text !== "") expect(JSON.stringify(refused)).not.toContain(text);
  });
});
