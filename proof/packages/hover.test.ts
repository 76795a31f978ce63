import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readExports } from "../../scripts/api/read-exports.ts";
import { projectFromTarballs, type Project } from "../../scripts/packages/project.ts";
import { startLanguageServer, type LanguageServer } from "./language-server.ts";

let project: Project;
let server: LanguageServer;
beforeAll(async () => {
  project = await projectFromTarballs();
  const compilerOptions = { noEmit: true, strict: true, module: "nodenext", target: "es2024", types: ["node"] };
  writeFileSync(join(project.folder, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*.mts"] }));
  server = await startLanguageServer(project.folder);
}, 180_000);
afterAll(() => {
  server.stop();
  project.remove();
});

const entries = {
  "@symbolon/client": "client/src/index",
  "@symbolon/client/keeper": "client/src/keeper/index",
  "@symbolon/client/loopback": "client/src/loopback/index",
  "@symbolon/client/mcp": "client/src/mcp/index",
  "@symbolon/keeper-stores/files": "keeper-stores/src/files/index",
  "@symbolon/keeper-stores/sqlite": "keeper-stores/src/sqlite/index",
  "@symbolon/keeper-stores/postgres": "keeper-stores/src/postgres/index",
  "@symbolon/keeper-stores/process": "keeper-stores/src/process/index",
  "@symbolon/emulator": "emulator/src/index",
  "symbolon/server": "symbolon/src/server/index",
};

/** Members of these types are shown bare: the names in a union or a map, or one that two parts of a type declare. */
const bare = new Set([
  "Introspection.active",
  "Introspection.raw",
  "FitbitIntrospection.active",
  "FitbitIntrospection.raw",
  "Authentication.expiresIn",
  "Retries.strategy",
  "RotationClass.kind",
  "RefreshOutcome.kind",
  "KeeperEvent.type",
  "Fault.what",
  "Misbehaviour.what",
  "Rotation.kind",
  "Rotation.reuse",
]);
const isMap = (type: string): boolean => type === "FitbitScopes";
/** Types that are a string, a function or a list have the members of those. */
const builtIn = ["charAt", "apply", "toFixed", "concat", "valueOf"];

describe.each(Object.entries(entries))("an editor shows for %s", (name, entry) => {
  const file = `${name.replace(/\W/g, "_")}.mts`;

  test("documentation of every export and of every member of its types", async () => {
    const exports = readExports(join(project.folder, "../dist"), entry);
    const lines = exports.map((one) =>
      one.kind === "type" ? `declare const ${one.name}_: all.${one.name}; ${one.name}_.;` : `all.${one.name};`,
    );
    server.open(file, [`import * as all from "${name}";`, ...lines].join("\n"));
    const undocumented: string[] = [];
    for (const [index, one] of exports.entries()) {
      const line = index + 1;
      if (one.kind !== "type") {
        const shown = await server.hover(file, { line, character: "all.".length + 1 });
        if (shown.replace(/```[^]*?```/, "").trim() === "" || /Parameters<|ReturnType</.test(shown))
          undocumented.push(one.name);
        continue;
      }
      const members = await server.members(file, { line, character: lines[index]!.length - 1 });
      if (isMap(one.name) || members.some((member) => builtIn.includes(member.name))) continue;
      for (const member of members)
        if (member.documentation === "" && !member.name.startsWith("Symbol"))
          undocumented.push(`${one.name}.${member.name}`);
    }
    expect(exports.length).toBeGreaterThan(0);
    expect(undocumented.filter((one) => !bare.has(one))).toEqual([]);
  }, 60_000);
});

describe("an editor shows a plain signature and documentation", () => {
  const methods = {
    "all.createClient(all.symbolon).refresh": "refresh(request: RefreshRequest): Promise<Tokens>",
    "all.createClient(all.symbolon).finishAuthorization":
      "finishAuthorization(request: FinishRequest): Promise<Tokens>",
    "all.createGusto().refresh": "refresh(request: GustoRefreshTokenRequest): Promise<Authentication>",
    "all.createGusto().tokenInfo": "tokenInfo(request?: GustoGetInfoRequest): Promise<GustoTokenInfo>",
    "all.createGusto().exchangeCode": "exchangeCode(request: GustoExchangeCodeRequest): Promise<Authentication>",
    "all.createGusto().introspection.refreshToken":
      "refreshToken(request: GustoRefreshTokenRequest): Promise<Authentication>",
    "all.createFitbit().refresh": "refresh(request: RefreshRequest): Promise<FitbitTokens>",
    "all.createFitbit().introspect": "introspect(request: FitbitIntrospectRequest): Promise<FitbitIntrospection>",
    "all.createFitbit().auth.oauthToken": "oauthToken(request: FitbitOauthTokenRequest): Promise<FitbitTokens>",
  };
  const file = "methods.mts";
  test.each(Object.entries(methods))("%s", async (call, signature) => {
    const lines = Object.keys(methods);
    server.open(file, ['import * as all from "@symbolon/client";', ...lines].join("\n"));
    const shown = await server.hover(file, { line: lines.indexOf(call) + 1, character: call.length - 1 });
    expect(shown.replaceAll("all.", "")).toContain(signature);
    expect(shown.replace(/```[^]*?```/, "").trim().length).toBeGreaterThan(20);
  });
});
