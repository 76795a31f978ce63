import {
  decodeBase64,
  decodeBase64Url,
  encodeBase64Url,
  formatScope,
  formatToken,
  isCodeChallenge,
  isCodeVerifier,
  isResourceIndicator,
  matchRedirectUri,
  parseForm,
  parseFormUnchecked,
  parseScope,
  parseToken,
  readBearer,
  readClientAuthentication,
  readCookies,
  resolveResources,
  describeRedirectUriProblem,
  type Form,
  type Result,
} from "@symbolon/protocol";

/**
 * A parser, texts that it accepts, and a check that returns what is wrong with its result, or undefined. An exception
 * is always wrong.
 */
export type Target = { name: string; seeds: readonly string[]; flaw(text: string): string | undefined };

const emptyForm: Form = Object.assign(new Map<string, string>(), { resources: [], repeated: [] });
const token = `sym_at_${Buffer.from(Array.from({ length: 48 }, (_, at) => (at * 37) & 255)).toString("base64url")}`;
const registered = [
  "https://good.example/cb",
  "https://good.example:8443/a/b?x=1&y=2",
  "http://127.0.0.1/cb",
  "http://[::1]:8080/cb?z",
  "http://localhost/",
  "com.example.app:/cb",
];
const apis = ["https://api.example", "https://api.example/v1/", "urn:example:api", "https://api.example/v1?tenant=A"];

const typed = <T>(result: Result<T>, flawOf: (value: T) => string | undefined): string | undefined => {
  if (result.ok) return flawOf(result.value);
  return typeof result.reason === "string" ? undefined : "a refusal without a reason";
};
const flawIf = (isWrong: boolean, flaw: string): string | undefined => (isWrong ? flaw : undefined);

/** What follows the scheme and its spaces (RFC 9110 §11.4). */
const afterScheme = (header: string): string => header.replace(/^[a-z]+ +/i, "");

export const targets: readonly Target[] = [
  {
    name: "token",
    seeds: [token, token.replace("_at_", "_rt_"), token.replace("_at_", "_ac_")],
    flaw(text) {
      const parsed = parseToken(text);
      return parsed === undefined
        ? undefined
        : flawIf(formatToken(parsed.kind, parsed.body, parsed.mac) !== text, "a second spelling");
    },
  },
  {
    name: "form",
    seeds: [
      "grant_type=authorization_code&code=x&redirect_uri=https%3A%2F%2Fgood.example%2Fcb",
      "a=1&b=%C3%A9+x&resource=https://a&resource=b",
      "state=%0d%0a%00&empty=&lone",
    ],
    flaw: (text) => typed(parseForm(text), (form) => flawOfForm(form, text)),
  },
  {
    name: "form that may repeat",
    seeds: ["a=1&a=2&b=3", "client_id=x&client_id=x", "resource=&resource=x"],
    flaw: (text) =>
      typed(parseFormUnchecked(text), (form) =>
        flawIf(
          form.repeated.some((name) => form.has(name)),
          "a repeated name with a value",
        ),
      ),
  },
  {
    name: "basic",
    seeds: ["app:secret", "a%3Ab:c%20d+e", "rs_1:sym_cs_x"].map(
      (pair) => `Basic ${Buffer.from(pair).toString("base64")}`,
    ),
    flaw: (text) =>
      typed(readClientAuthentication(text, emptyForm), (presented) =>
        flawIf(
          presented.method !== "client_secret_basic" ||
            Buffer.from(afterScheme(text), "base64").toString("base64") !== afterScheme(text) ||
            presented.clientId === "",
          "a second spelling",
        ),
      ),
  },
  {
    name: "bearer",
    seeds: [`Bearer ${token}`, "bearer a.b~c+/="],
    flaw: (text) =>
      typed(readBearer(text), (bearer) =>
        flawIf(
          bearer.reveal() !== afterScheme(text) || !/^bearer /i.test(text) || /[\s,]/.test(bearer.reveal()),
          "more than one token",
        ),
      ),
  },
  {
    name: "redirect URI at registration",
    seeds: [...registered, "https://xn--bcher-kva.example/%C3%A9"],
    flaw: flawOfRegistration,
  },
  { name: "redirect URI at request", seeds: registered, flaw: flawOfMatch },
  {
    name: "scope",
    seeds: ["read", "read write", "payroll:read https://a.example/x !~"],
    flaw: (text) =>
      typed(parseScope(text), (scope) =>
        flawIf(
          formatScope(scope) !== [...new Set(text.split(" "))].join(" ") || !parseScope(formatScope(scope)).ok,
          "another text when written again",
        ),
      ),
  },
  { name: "resource indicator", seeds: apis, flaw: flawOfResource },
  {
    name: "cookies",
    seeds: ["symbolon-session=sym_se_x; symbolon-browser=y", "a=b", "__Host-a=1;b=2;  c = 3"],
    flaw(text) {
      const flaws = [...readCookies(text)].filter(
        ([name, value]) =>
          /;/.test(name + value) ||
          name !== name.trim() ||
          name.includes("=") ||
          !text.includes(name) ||
          !text.includes(value),
      );
      return flawIf(flaws.length > 0, "a cookie that was not sent");
    },
  },
  {
    name: "code challenge",
    seeds: ["E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"],
    flaw: (text) =>
      flawIf(
        isCodeChallenge(text) && Buffer.from(text, "base64url").toString("base64url") !== text,
        "a second spelling",
      ),
  },
  {
    name: "code verifier",
    seeds: ["dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "~".repeat(128)],
    flaw: (text) =>
      flawIf(isCodeVerifier(text) && encodeURIComponent(text) !== text, "a character that a form would have to escape"),
  },
  {
    name: "base64url",
    seeds: ["", "Zg", "Zm8", "Zm9v", "_-8"],
    flaw(text) {
      const bytes = decodeBase64Url(text);
      return bytes === undefined ? undefined : flawIf(encodeBase64Url(bytes) !== text, "a second spelling");
    },
  },
  {
    name: "base64",
    seeds: ["", "Zg==", "Zm8=", "Zm9v", "/+8="],
    flaw(text) {
      const decoded = decodeBase64(text);
      return decoded === undefined
        ? undefined
        : flawIf(Buffer.from(decoded, "latin1").toString("base64") !== text, "a second spelling");
    },
  },
];

/** A form that our parser accepts must mean the same to the platform's parser, which repairs malformed forms. */
function flawOfForm(form: Form, text: string): string | undefined {
  const theirs = new URLSearchParams(text);
  const ours = [...form, ...form.resources.map((value): [string, string] => ["resource", value])];
  if (ours.some(([name, value]) => value === "" || !value.isWellFormed() || !name.isWellFormed()))
    return "a name or value that no form has";
  const count = [...theirs].filter(([name, value]) => value !== "" && name.length <= 64).length; // longer ones are ignored
  return flawIf(
    count !== ours.length || ours.some(([name, value]) => !theirs.getAll(name).includes(value)),
    "another reading than the platform's",
  );
}

function flawOfRegistration(text: string): string | undefined {
  for (const type of ["public", "confidential"] as const) {
    if (describeRedirectUriProblem(text, type) !== undefined) continue;
    const { href, protocol, username, hash } = new URL(text);
    if (href !== text && href !== `${text}/`) return "browsers spell it otherwise";
    if (username !== "" || hash !== "" || text.includes("#") || !/^[\x21-\x7e]+$/.test(text))
      return "user information, a fragment or a character beyond ASCII";
    if (!/^https?:$/.test(protocol) && (type === "confidential" || !protocol.slice(0, -1).includes(".")))
      return "a scheme that is not for applications";
    if (protocol === "http:" && !/^http:\/\/(?:127\.0\.0\.1|\[::1\]|localhost)[:/]?/.test(text))
      return "plain http off loopback";
    if (!matchRedirectUri([text], text)) return "registered, and does not match itself";
  }
  return undefined;
}

function flawOfMatch(text: string): string | undefined {
  const found = registered.filter((uri) => matchRedirectUri([uri], text));
  if (found.length === 0 || registered.includes(text)) return undefined;
  const withoutPort = (uri: string): string => uri.replace(/^(http:\/\/[^/]*?):\d+(?=\/|$)/, "$1");
  const isSame = found.every((uri) => uri.startsWith("http://") && withoutPort(uri) === withoutPort(text));
  return flawIf(
    !isSame || new URL(text).hostname !== new URL(found[0]!).hostname,
    "another address than the registered one",
  );
}

function flawOfResource(text: string): string | undefined {
  if (isResourceIndicator(text) && /[#\s\\^`{|}<>"]/.test(text)) return "a character that no URI has";
  const bare = (uri: string): string => uri.toLowerCase().replace(/\/(?=$|\?)/, "");
  return typed(resolveResources([text], apis), ([resolved]) =>
    flawIf(!apis.includes(resolved!) || bare(resolved!) !== bare(text), "another API than the registered one"),
  );
}
