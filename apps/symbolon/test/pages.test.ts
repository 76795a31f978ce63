import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { messageNames } from "@symbolon/portal";
import { UsageError } from "../src/command/failure.ts";
import { readPages } from "../src/config/pages.ts";
import { loadSettings } from "../src/config/settings.ts";
import { startServer, temporaryDirectory } from "./start-server.ts";

const logo = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 60"><rect width="240" height="60" fill="#6d1f7a"/></svg>`;
const french = { "sign_in.heading": "Se connecter", "sign_in.heading_of": "Se connecter à {provider}" };

/** The pages of a directory that holds these files, and the languages that lack messages. */
async function pagesOf(config: string, files: Record<string, string | Buffer> = {}) {
  const cwd = temporaryDirectory();
  for (const [name, content] of Object.entries({ "symbolon.config.ts": `export default ${config};`, ...files }))
    writeFileSync(join(cwd, name), content);
  const incomplete: { language: string; missing: readonly string[] }[] = [];
  const settings = await loadSettings({}, { env: {}, cwd });
  return { pages: readPages(settings, (language, missing) => incomplete.push({ language, missing })), incomplete };
}

async function refusalOf(config: string, files: Record<string, string | Buffer> = {}): Promise<string> {
  const refusal = await pagesOf(config, files).catch((error: unknown) => error);
  if (!(refusal instanceof UsageError)) throw new Error("Expected a UsageError.");
  return refusal.message;
}

describe("branding is checked at the start, with the name of the key", () => {
  test.each([
    ["no name", "{ branding: {} }", "branding.name must be a line of 1 to 60 characters"],
    [
      "an unknown key",
      "{ branding: { name: 'Acme', lgoo: 'x' } }",
      "branding.lgoo is not a known key (did you mean logo?)",
    ],
    [
      "a pale colour",
      "{ branding: { name: 'Acme', accent: { light: '#33cc99', dark: '#5cc7b9' } } }",
      "symbolon.config.ts: branding.accent.light has a contrast of 2.05 to 1 on the white page, and text needs 4.5 to 1 (WCAG 2.2 §1.4.3); #218563 would do, not #33cc99",
    ],
    [
      "a colour too dark for dark pages",
      "{ branding: { name: 'Acme', accent: { light: '#0b6b63', dark: '#0b6b63' } } }",
      "branding.accent.dark has a contrast of",
    ],
    [
      "one colour",
      "{ branding: { name: 'Acme', accent: { light: '#0b6b63' } } }",
      "branding.accent.dark must be a colour",
    ],
    [
      "a file that is not there",
      "{ branding: { name: 'Acme', logo: './none.svg' } }",
      "branding.logo ./none.svg cannot be read",
    ],
    [
      "an insecure address",
      "{ branding: { name: 'Acme', support: 'http://acme.example' } }",
      "branding.support must be an https:// or mailto: address",
    ],
    ["an unknown language", "{ language: 'fr' }", "language must be one of en, de, not fr"],
    [
      "a language in another spelling",
      "{ languages: { 'pt-br': './pt.json' } }",
      "languages.pt-br is not a language tag in its usual spelling, such as fr or pt-BR",
    ],
    [
      "a scope in a language that is none",
      "{ scopes: { a: { title: { english: 1 } } } }",
      "scopes.a.title must be a line of 1 to 120 characters, or one for each language",
    ],
    ["no text", "{ resourceTypes: { Company: {} } }", "resourceTypes.Company must be a line"],
  ])("%s", async (_, config, problem) => expect(await refusalOf(config)).toContain(problem));

  test.each([
    [
      "a colour that ends the rule",
      "{ branding: { name: 'Acme', accent: { light: '#000000}*{background:url(//evil.example)', dark: '#ffffff' } } }",
    ],
    ["a name that turns the direction of text", "{ branding: { name: 'Ac\\u202eme' } }"],
    ["a script as support", "{ branding: { name: 'Acme', support: 'javascript:alert(1)' } }"],
    [
      "an address with a quote and a space",
      `{ branding: { name: 'Acme', support: 'https://acme.example/" onclick=x' } }`,
    ],
  ])("WB-23: %s is refused", async (_, config) => expect(await refusalOf(config)).toContain("branding."));

  test.each([
    [
      "a script",
      logo.replace("<rect", "<script>alert(1)</script><rect"),
      "is an SVG image with an element other than shapes and text",
    ],
    ["HTML", "<!doctype html><script>alert(1)</script>", "is neither a PNG nor an SVG image"],
    ["more than 256 KiB", Buffer.alloc(300_000), "has 300000 bytes, and at most 262144 are allowed"],
    ["more than any file may have", Buffer.alloc(2_000_000), "has more than 1048576 bytes"],
  ])("WB-08: a logo that holds %s is refused", async (_, content, problem) => {
    const config = "{ branding: { name: 'Acme', logo: './logo.svg', favicon: './logo.svg' } }";
    const message = await refusalOf(config, { "logo.svg": content });
    expect(message).toContain(`branding.logo ./logo.svg ${problem}`);
    expect(message).toContain(`branding.favicon ./logo.svg ${problem}`);
  });
});

describe("languages are checked at the start", () => {
  const config = "{ language: 'fr', languages: { fr: './fr.json' } }";
  test("all that is wrong with a file is named at once", async () => {
    const messages = { "sign_in.headnig": "x", "consent.title": "Autoriser ?", developers: 1 };
    expect(await refusalOf(config, { "fr.json": JSON.stringify(messages) })).toBe(
      [
        "languages.fr ./fr.json: sign_in.headnig is not the name of a message (did you mean sign_in.heading?)",
        "languages.fr ./fr.json: consent.title must have each of these placeholders once: {application}",
        "languages.fr ./fr.json: developers must be a text",
      ].join("\n"),
    );
  });
  test.each(["", "[]", "{", '"text"'])("%j is no file of messages", async (content) => {
    expect(await refusalOf(config, { "fr.json": content })).toBe(
      "languages.fr ./fr.json: must be an object of messages by name, as JSON",
    );
  });
  test("missing messages are named, unless the pages have the language", async () => {
    const { pages, incomplete } = await pagesOf("{ language: 'fr', languages: { fr: './fr.json', de: './fr.json' } }", {
      "fr.json": JSON.stringify(french),
    });
    expect(pages.languages).toEqual(["fr", "en", "de"]);
    expect(incomplete).toEqual([{ language: "fr", missing: messageNames.filter((name) => !(name in french)) }]);
  });
});

test("a server speaks with the provider's name, logo, colour and languages", async () => {
  const cwd = temporaryDirectory();
  writeFileSync(join(cwd, "logo.svg"), logo);
  writeFileSync(join(cwd, "fr.json"), JSON.stringify(french));
  writeFileSync(
    join(cwd, "symbolon.config.ts"),
    `export default { branding: { name: "Acme", accent: { light: "#6d1f7a", dark: "#dfa0ea" }, logo: "./logo.svg" }, languages: { fr: "./fr.json" } };`,
  );
  const server = await startServer({ cwd });
  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(`${server.url}${path}`, { headers: { accept: "text/html", ...headers } });
  const query = new URLSearchParams({
    response_type: "code",
    client_id: server.demo!.client_id,
    redirect_uri: server.demo!.redirect_uri,
    code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    code_challenge_method: "S256",
    ui_locales: "fr-CA en",
  });
  const page = await get(`/oauth/authorize?${query}`);
  expect(page.headers.get("content-language")).toBe("fr");
  const markup = await page.text();
  expect(markup).toContain("<h1>Se connecter à <bdi>Acme</bdi></h1>");
  const asset = await get(/src="([^"]*logo-[0-9a-f]{12}\.svg)"/.exec(markup)![1]!);
  expect(await asset.text()).toBe(logo);
  expect(asset.headers.get("content-type")).toBe("image/svg+xml");
  expect(asset.headers.get("content-security-policy")).toBe("default-src 'none'; sandbox");
  expect(await (await get(/href="([^"]*portal-[0-9a-f]{12}\.css)"/.exec(markup)![1]!)).text()).toContain(
    "--accent:#6d1f7a",
  );
  expect(await (await get("/", { "accept-language": "de" })).text()).toContain(
    "Anmeldung und Berechtigungen für <bdi>Acme</bdi>",
  );
  const metadata = (await (await get("/.well-known/oauth-authorization-server")).json()) as Record<string, unknown>;
  expect(metadata["ui_locales_supported"]).toEqual(["en", "de", "fr"]);
  expect(server.log()).toContain('"level":"warn","name":"language.incomplete","language":"fr","missing":"title.error');
  await server.stop();
});
