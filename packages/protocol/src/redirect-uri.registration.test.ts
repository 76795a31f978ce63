import { describe, expect, test } from "vitest";
import { describeRedirectUriProblem } from "./redirect-uri.ts";

const registered = "https://good.example/cb";

describe("describeRedirectUriProblem rejects", () => {
  const both = (uri: string): (string | undefined)[] => [
    describeRedirectUriProblem(uri, "public"),
    describeRedirectUriProblem(uri, "confidential"),
  ];
  const refused = (uri: string): void => both(uri).forEach((why) => expect(why).toMatch(/^(?:must|holds|uses|is) /));

  test.each([
    "javascript:alert(1)",
    "javascript:/alert(1)",
    "data:text/html,x",
    "data:/x",
    "vbscript:x",
    "vbscript:/x",
    "file:///etc/passwd",
    "file:/x",
    "blob:https://good.example/x",
    "blob:/x",
    "about:blank",
    "about:/x",
    "ftp://good.example/cb",
    "view-source:https://good.example/",
    "javascript.:/x",
    "x..y:/cb",
    ".a:/cb",
    "a.:/cb",
    "java.script:alert(1)",
    `${registered}#f`,
    `${registered}#`,
    "com.example.app:/cb#f",
  ])("AZ-09: %s", refused);

  test.each([
    "http://good.example/cb",
    "http://10.0.0.1/cb",
    "http://localhost.evil.example/cb",
    "http://127.0.0.1.nip.io/cb",
    "http://0x7f.1/cb",
    "http://2130706433/cb",
    "http://[::ffff:127.0.0.1]/cb",
    "http://127x0x0x1/cb",
    "http://127.0.0.1:0/cb",
    "http://127.0.0.1:65536/cb",
  ])("AZ-10: %s", refused);

  test.each([
    "https://0x7f.1/cb",
    "https://2130706433/cb",
    "https://127.1/cb",
    "https://0177.0.0.1/cb",
    "https://[0:0::1]/cb",
    "https://[....]/cb",
    "https://1.2.3.4.5/cb",
  ])("AZ-10: %s, which browsers write differently", refused);

  test.each(["https://*.good.example/cb", "https://good.example/*", "https://good.example/cb?*"])("AZ-11: %s", refused);

  test.each([
    "",
    " ",
    "good.example/cb",
    "//good.example/cb",
    "/cb",
    "https:",
    "https://",
    "https:///cb",
    "https://?x",
    "https://good.example\\@evil.example/cb",
    "https:\\\\good.example\\cb",
    "https://user@good.example/cb",
    "https://u:p@good.example/cb",
    "https://good.example./cb",
    "https://good..example/cb",
    "https://-good.example/cb",
    "https://GOOD.example/cb",
    "HTTPS://good.example/cb",
    "https://good.example:443/cb",
    "https://good.example:0/cb",
    "https://good.example:99999/cb",
    "https://good.example:/cb",
    "https://good。example/cb",
    "https://ɡood.example/cb",
    "https://good.example/\u202ecb",
    "https://good.example/a b",
    "java\tscript:alert(1)",
    "https://good.example/cb?x=1\n&y",
    "https://good.example/cb\0",
    "https://good.example/%",
    "https://good.example/%0d%0a",
    "https://good.example/%00",
    "https://good.example/a/../cb",
    "https://good.example/.",
    "https://good.example/a/%2e%2e/cb",
    "https://good.example/cb/..%2f..%2fx",
    "https://good.example/a%5c..%5cb",
    "https://good.example/a%2f..%2fb",
    "https://good.example/..?x",
    "https://good.example/<script>",
    'https://good.example/"',
    "https://good.example/`",
    `https://good.example/${"a".repeat(2048)}`,
  ])("AZ-01 to AZ-08: %j", refused);

  test.each([
    ["https://0x7f.1/cb", "is written https://127.0.0.1/cb by browsers"],
    ["https://user@good.example/cb", "user information"],
    ["https://good.example/c b", "without spaces"],
    ["https://good.example/{x}", "a character that a URI cannot hold"],
    ["https://GOOD.example/cb", "lower-case"],
    ["https://good.example:443/cb", "leave the default port out"],
    ["myapp:/cb", "not a reverse domain name"],
  ])("tells the developer why %s cannot be registered", (uri, words) =>
    expect(describeRedirectUriProblem(uri, "public")).toContain(words),
  );
});

describe("describeRedirectUriProblem accepts", () => {
  test.each([
    registered,
    "https://good.example",
    "https://good.example/",
    "https://good.example:8443/cb",
    "https://good.example/cb?tenant=1&x=%2F",
    "https://xn--ood-8tb.example/cb",
    "https://a.b-c.example/~user/cb.php",
    "https://127.0.0.1/cb",
    "https://[2001:db8::1]/cb",
    "http://127.0.0.1/cb",
    "http://127.0.0.1:3000/cb",
    "http://[::1]/cb",
    "http://localhost",
    "http://localhost:8080/a/b?c=d",
    "https://good.example/..a/.well-known/cb",
  ])("%s, for both types of client", (uri) => {
    expect(describeRedirectUriProblem(uri, "confidential")).toBeUndefined();
    expect(describeRedirectUriProblem(uri, "public")).toBeUndefined();
  });
});

describe("RFC 8252 §7.1: private-use schemes", () => {
  test.each(["com.example.app:/cb", "com.example.app:/", "com.example.my-app:/oauth2/cb?x=1"])(
    "AZ-18: accepts %s for public clients only",
    (uri) => {
      expect(describeRedirectUriProblem(uri, "public")).toBeUndefined();
      expect(describeRedirectUriProblem(uri, "confidential")).toBe(
        "uses a private scheme, which is for public applications",
      );
    },
  );

  test.each([
    "myapp:/cb",
    "myapp://cb",
    "com.example.app://cb",
    "com.example.app:cb",
    "com.example.app:",
    "Com.Example.App:/cb",
    "1.example:/cb",
    "com.example.app:///cb",
    "com_example.app:/cb",
    "web+com.example:/cb",
  ])("AZ-18: rejects %s, which is not a reverse domain name with one slash", (uri) =>
    expect(describeRedirectUriProblem(uri, "public")).toBeTypeOf("string"),
  );
});

describe("AZ-18, RFC 8252 §7.1: an operator who accepts any app scheme", () => {
  const problemOf = (uri: string, type: "confidential" | "public" = "public") =>
    describeRedirectUriProblem(uri, type, { anyAppScheme: true });

  test.each([
    "cursor://anysphere.cursor-mcp/oauth/callback",
    "vscode://vendor.extension/callback?x=1",
    "myapp://callback",
    "myapp://",
    "myapp:/cb",
    "com.example.app://callback",
    "com.example.app:/cb",
    registered,
    "http://127.0.0.1/cb",
  ])("may register %s for a public client", (uri) => expect(problemOf(uri)).toBeUndefined());

  test.each([
    "javascript:alert(1)",
    "javascript://good.example/%0aalert(1)",
    "javascript:/x",
    "vbscript:/x",
    "data:/text/html,x",
    "file:///etc/passwd",
    "blob:https://good.example/x",
    "about://blank",
    "view-source://good.example/",
    "intent://scan/#Intent;end",
    "intent://scan/",
    "content://x/y",
    "chrome://settings",
    "mailto:/a@good.example",
    "ftp://good.example/cb",
    "ws://good.example/cb",
    "http://good.example/cb",
    "https://*.good.example/cb",
    "MyApp://callback",
    "myapp:callback",
    "myapp://call back",
    "myapp://cb#f",
    "myapp://a/../b",
    "myapp://x\\y",
  ])("may not register %s", (uri) => expect(problemOf(uri)).toBeTypeOf("string"));

  test("may not register cursor://cb for a confidential client", () =>
    expect(problemOf("cursor://cb", "confidential")).toBe("uses a private scheme, which is for public applications"));
});
