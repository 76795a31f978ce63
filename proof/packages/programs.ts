/**
 * Small programs that use the installed packages: the same lines as an ES module and as CommonJS, and for the
 * compiler. What they print is in `expectedOutput`.
 */
const names: Readonly<Record<string, readonly string[]>> = {
  "@symbolon/protocol": ["covers", "parseScope"],
  "@symbolon/client": ["createGusto", "isClientError"],
  "@symbolon/client/keeper": ["memoryStore"],
  "@symbolon/client/loopback": ["listenOnLoopback"],
  "@symbolon/client/mcp": ["keepMcpTokens"],
  "@symbolon/keeper-stores/files": ["openFilesKeeperStore"],
  "@symbolon/keeper-stores/postgres": ["openPostgresKeeperStore"],
  "@symbolon/keeper-stores/process": ["thisProcess"],
  "@symbolon/emulator": ["emulator"],
  "@symbolon/conformance": ["examine", "textOf"],
  symbolon: ["defineConfig"],
};

const body = `
async function examineStrict() {
  const server = await emulator({ profile: "strict" });
  server.control.answerConsent("allow");
  const { clientId: id, clientSecret: secret, redirectUris: [redirectUri] } = server.applications[0];
  const authorize = async (url) => new URL((await fetch(url, { redirect: "manual" })).headers.get("location"));
  const world = { fetch, random: (length) => new Uint8Array(length).fill(7), epochMs: () => 0, progress() {} };
  const report = await examine({ issuer: server.url, client: { id, secret }, redirectUri, authorize }, world);
  await server.close();
  return report;
}

async function main() {
  const store = memoryStore();
  const revision = await store.write("a", 0, "b");
  const error = await createGusto({ env: {} }).introspection.getInfo().catch((error) => error);
  const provider = await emulator({ profile: "gusto" });
  const { accessToken } = provider.control.consent();
  const gusto = createGusto({ baseUrl: provider.url, companyAccessAuth: accessToken, env: {} });
  const info = await gusto.introspection.getInfo();
  await provider.close();
  const report = textOf(await examineStrict());
  const functions = [listenOnLoopback, keepMcpTokens, openFilesKeeperStore, openPostgresKeeperStore];
  console.log(JSON.stringify([
    revision, isClientError(error), error.code, error.field, info.resource.type,
    functions.every((one) => typeof one === "function"), defineConfig({ port: 1 }).port,
    / passed, \\d+ failed/.test(report), covers(parseScope("a b").value, ["b"]),
  ]));
}
main();
`;

export const expectedOutput = [1, true, "invalid_request", "accessToken", "Company", true, 1, true, true];

const imports = (line: (names: string, specifier: string) => string): string =>
  Object.entries(names)
    .map(([specifier, list]) => line(`{ ${list.join(", ")} }`, specifier))
    .join("\n");

/** An ES module. */
export const esmProgram = imports((list, specifier) => `import ${list} from "${specifier}";`) + body;

/** The same in CommonJS. */
export const cjsProgram = imports((list, specifier) => `const ${list} = require("${specifier}");`) + body;

/**
 * Prints the entries of which `import` and `require` load two copies: a secret that one sealed would be foreign to the
 * other.
 */
export const copiesProgram = `
import { createRequire } from "node:module";
const require = createRequire(import.meta.url);
const twice = [];
for (const specifier of ${JSON.stringify(Object.keys(names))}) {
  const imported = await import(specifier);
  const required = require(specifier);
  const own = Object.keys(imported).filter((name) => !["default", "module.exports", "__esModule"].includes(name));
  if (own.length === 0 || own.some((name) => imported[name] !== required[name])) twice.push(specifier);
}
console.log(JSON.stringify(twice));
`;

/** Every entry, and a use of two; \`field\` is one of the answer, or a mistake. */
export const typedProgram = (field: string): string => `
import type { KeeperStore } from "@symbolon/client/keeper";
import { createGusto } from "@symbolon/client";
${[...Object.keys(names), "@symbolon/keeper-stores/sqlite"].map((specifier, at) => `import * as entry${at} from "${specifier}";\nvoid entry${at};`).join("\n")}
export const ask = async (store: KeeperStore): Promise<number | undefined> =>
  store.write("a", 0, String((await createGusto().introspection.getInfo()).${field}));
`;
