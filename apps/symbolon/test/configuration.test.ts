import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { defaultLifetimes } from "@symbolon/server";
import { UsageError } from "../src/command/failure.ts";
import { loadSettings, type SettingFlags, type Settings } from "../src/config/settings.ts";
import { decideWhere } from "../src/serve/where.ts";
import { runJson, runSymbolon, temporaryDirectory } from "./start-server.ts";

type Sources = { file?: string; flags?: SettingFlags; env?: Record<string, string> };

/** The settings of a directory that holds this configuration file. */
function load({ file, flags = {}, env = {} }: Sources): Promise<Settings> {
  const cwd = temporaryDirectory();
  if (file !== undefined) writeFileSync(join(cwd, "symbolon.config.ts"), `export default ${file};`);
  return loadSettings(flags, { env, cwd });
}

async function refusalOf(sources: Sources): Promise<string> {
  const refusal = await load(sources).catch((error: unknown) => error);
  if (!(refusal instanceof UsageError)) throw new Error("Expected a UsageError.");
  return refusal.message;
}

describe("what is refused, with the key's name", () => {
  const refused: [string, Sources, string][] = [
    ["an unknown key", { file: "{ prot: 1 }" }, "symbolon.config.ts: prot is not a known key (did you mean port?)"],
    [
      "an unknown key below another",
      { file: "{ lifetimes: { acces: 60 } }" },
      "symbolon.config.ts: lifetimes.acces is not a known key (did you mean access?)",
    ],
    [
      "an unknown key of a scope",
      { file: "{ scopes: { a: { title: 'A', detial: 'x' } } }" },
      "symbolon.config.ts: scopes.a.detial is not a known key (did you mean detail?)",
    ],
    [
      "a port too high",
      { file: "{ port: 65536 }" },
      "symbolon.config.ts: port must be a whole number from 1 to 65535, not 65536",
    ],
    ["a port as text", { file: "{ port: '8787' }" }, "symbolon.config.ts: port must be"],
    [
      "half a second",
      { file: "{ lifetimes: { code: 59.5 } }" },
      "lifetimes.code must be a whole number of seconds from 5 to 600, not 59.5",
    ],
    ["a code for an hour", { file: "{ lifetimes: { code: 3600 } }" }, "lifetimes.code must be"],
    [
      "an idle end after the absolute one",
      { file: "{ lifetimes: { grantIdle: 200, grantAbsolute: 100 } }" },
      "lifetimes.grantIdle (200) must not be longer than lifetimes.grantAbsolute (100)",
    ],
    [
      "an idle end after the default absolute one",
      { file: "{ lifetimes: { sessionIdle: 1814400 } }" },
      "lifetimes.sessionIdle (1814400) must not be longer than lifetimes.sessionAbsolute (1209600)",
    ],
    [
      "an issuer with a slash at the end",
      { file: "{ issuer: 'https://id.example.com/' }" },
      "issuer must be an address",
    ],
    ["an issuer with a query", { file: "{ issuer: 'https://id.example.com?a' }" }, "issuer must be"],
    ["an issuer in capitals", { file: "{ issuer: 'https://ID.example.com' }" }, "issuer must be"],
    ["an issuer with its default port", { file: "{ issuer: 'https://id.example.com:443' }" }, "issuer must be"],
    ["an issuer that is no address", { file: "{ issuer: 'id.example.com' }" }, "issuer must be"],
    ["a scope name with a space", { file: "{ scopes: { 'a b': { title: 'A' } } }" }, "scopes.a b is not a scope name"],
    ["a scope without a title", { file: "{ scopes: { a: {} } }" }, "scopes.a.title must be a line"],
    ["a list as the whole", { file: "[]" }, "symbolon.config.ts: must be an object"],
    ["a host with an address", { file: "{ hosts: ['https://a.example'] }" }, "hosts.0 must be a host in lower case"],
    ["no requests at all", { file: "{ tokenRequestsPerMinute: 0 }" }, "tokenRequestsPerMinute must be"],
    [
      "an unknown variable",
      { env: { SYMBOLON_PROT: "1" } },
      "SYMBOLON_PROT is not a known environment variable (did you mean SYMBOLON_PORT?)",
    ],
    [
      "a variable with a bad value",
      { env: { SYMBOLON_PORT: "http" } },
      "SYMBOLON_PORT must be a whole number from 1 to 65535, not http",
    ],
    ["a flag with a bad value", { flags: { port: "0" } }, "--port must be a whole number from 1 to 65535, not 0"],
    ["a port in hexadecimal", { flags: { port: "0x10" } }, "--port must be"],
    ["a host that is none", { flags: { host: "a b" } }, "--host must be a host name"],
  ];
  test.for(refused)("%s", async ([, sources, says]) => expect(await refusalOf(sources)).toContain(says));

  test("every problem of every source at once", async () => {
    const refusal = await refusalOf({
      file: "{ prot: 1, host: '', lifetimes: { access: -1, cod: 1 } }",
      env: { SYMBOLON_PORT: "x" },
      flags: { issuer: "x" },
    });
    for (const key of ["prot", "host", "lifetimes.access", "lifetimes.cod", "SYMBOLON_PORT", "--issuer"])
      expect(refusal).toContain(key);
  });

  test("a file without a default export", async () => {
    const cwd = temporaryDirectory();
    writeFileSync(join(cwd, "symbolon.config.ts"), "export const config = {};");
    await expect(loadSettings({}, { env: {}, cwd })).rejects.toThrow("symbolon.config.ts has no default export");
  });

  test("a file that does not load", async () => {
    const cwd = temporaryDirectory();
    writeFileSync(join(cwd, "symbolon.config.ts"), "export default {");
    await expect(loadSettings({}, { env: {}, cwd })).rejects.toThrow("symbolon.config.ts cannot be loaded");
  });

  test("a file that is named and not there", async () => {
    await expect(load({ flags: { config: "other.config.ts" } })).rejects.toThrow(
      "There is no configuration file other.config.ts",
    );
  });
});

describe("which source wins", () => {
  const file = "{ port: 1001, host: 'file.example', tokenRequestsPerMinute: 7 }";

  test("nothing: the defaults", async () => {
    const settings = await load({});
    expect(settings).toMatchObject({
      port: 8787,
      issuer: undefined,
      lifetimes: defaultLifetimes,
      isCatalogueConfigured: false,
    });
    expect(settings.data).toMatch(/symbolon-data$/);
  });
  test("the file beats the defaults, key by key", async () => {
    const settings = await load({ file: "{ lifetimes: { access: 120 } }" });
    expect(settings.lifetimes).toEqual({ ...defaultLifetimes, access: 120 });
  });
  test("the environment beats the file", async () => {
    expect(await load({ file, env: { SYMBOLON_PORT: "1002", SYMBOLON_HOST: "" } })).toMatchObject({
      port: 1002,
      host: "file.example",
      tokenRequestsPerMinute: 7,
    });
  });
  test("a flag beats both", async () => {
    expect(await load({ file, env: { SYMBOLON_PORT: "1002" }, flags: { port: "1003" } })).toMatchObject({
      port: 1003,
      host: "file.example",
    });
  });
  test("lists of hosts come from the environment too", async () => {
    expect((await load({ env: { SYMBOLON_HOSTS: "a.example, b.example:8443" } })).hosts).toEqual([
      "a.example",
      "b.example:8443",
    ]);
  });
  test("a catalogue of one's own replaces the example", async () => {
    const settings = await load({ file: "{ scopes: { 'a:b': { title: 'A' } } }" });
    expect(settings).toMatchObject({ scopes: { "a:b": { title: "A" } }, isCatalogueConfigured: true });
  });
  test("with an issuer of one's own the example catalogue is gone", async () => {
    expect((await load({ flags: { issuer: "https://id.example.com" } })).scopes).toEqual({});
  });
});

describe("where to listen", () => {
  const whereOf = async (flags: SettingFlags, isDevelopment: boolean) =>
    decideWhere(await load({ flags }), isDevelopment);

  test("in development: this computer, under an issuer made of the port", async () => {
    expect(await whereOf({ port: "9000" }, true)).toEqual({
      issuer: "http://localhost:9000",
      host: "localhost",
      port: 9000,
    });
  });
  test.for(["0.0.0.0", "::", "192.0.2.1", "id.example.com"])("development does not listen on %s", async (host) => {
    await expect(whereOf({ host }, true)).rejects.toThrow("--dev listens on this computer only");
  });
  test.for(["127.0.0.1", "::1", "localhost"])("development may listen on %s", async (host) => {
    expect((await whereOf({ host }, true)).host).toBe(host);
  });
  test("plain http is for loopback, in development too", async () => {
    await expect(whereOf({ issuer: "http://id.example.com" }, true)).rejects.toThrow("must be https");
  });
  test("without --dev the issuer must be configured", async () => {
    await expect(whereOf({}, false)).rejects.toThrow("The issuer is not configured");
  });
  test.for(["http://localhost:8787", "http://id.example.com"])("without --dev %s is refused", async (issuer) => {
    await expect(whereOf({ issuer }, false)).rejects.toThrow("The issuer must be https");
  });
  test("without --dev an https issuer serves any address", async () => {
    expect(await whereOf({ issuer: "https://id.example.com/tenant", host: "0.0.0.0" }, false)).toMatchObject({
      host: "0.0.0.0",
      port: 8787,
    });
  });
});

describe("over the command", () => {
  const example = join(import.meta.dirname, "../../../symbolon.config.example.ts");

  test("symbolon.config.example.ts loads, and its catalogue decides", async () => {
    const options = { data: join(temporaryDirectory(), "data") };
    const create = ["app", "create", "--name", "N", "--redirect-uri", "https://a.example/cb", "--config", example];
    expect((await runJson<{ scope: string }>(create, options)).scope).toBe("profile:read payroll:read payroll:write");
    const { code, stderr } = await runSymbolon([...create, "--scope", "payroll:raed"], options);
    expect(code).toBe(2);
    expect(stderr).toContain("payroll:raed is not in the catalogue (did you mean payroll:read?)");
  });

  test("symbolon.config.ts of the working directory is found", async () => {
    const cwd = temporaryDirectory();
    writeFileSync(join(cwd, "symbolon.config.ts"), "export default { lifetimes: { acces: 60 } };");
    const { code, stderr } = await runSymbolon(["serve", "--dev"], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain("symbolon.config.ts: lifetimes.acces is not a known key (did you mean access?)");
  });

  test("SYMBOLON_CONFIG names the file where no flag does", async () => {
    const options = { data: join(temporaryDirectory(), "data"), env: { SYMBOLON_CONFIG: example } };
    expect((await runJson<{ scope: string }>(["app", "create", "--name", "N"], options)).scope).toContain(
      "payroll:write",
    );
  });
});
