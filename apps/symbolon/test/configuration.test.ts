import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { defaultLifetimes } from "@symbolon/server";
import { UsageError } from "../src/command/failure.ts";
import { loadSettings, type SettingFlags, type Settings } from "../src/config/settings.ts";
import { chooseAddress } from "../src/serve/address.ts";
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

describe("the configuration refuses, with the name of the key,", () => {
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
    ["an issuer with a slash at the end", { file: "{ issuer: 'https://id.example.com/' }" }, "issuer must be a URL"],
    ["an issuer with a query", { file: "{ issuer: 'https://id.example.com?a' }" }, "issuer must be"],
    ["an issuer in capitals", { file: "{ issuer: 'https://ID.example.com' }" }, "issuer must be"],
    ["an issuer with its default port", { file: "{ issuer: 'https://id.example.com:443' }" }, "issuer must be"],
    ["an issuer that is no address", { file: "{ issuer: 'id.example.com' }" }, "issuer must be"],
    // The router reads : and * as patterns, and requests with % or ; in their path are refused (HT-08).
    ["an issuer with : in its path", { file: "{ issuer: 'https://id.example.com/a:b' }" }, "its path may have"],
    ["an issuer with * in its path", { file: "{ issuer: 'https://id.example.com/*' }" }, "its path may have"],
    ["an issuer with % in its path", { file: "{ issuer: 'https://id.example.com/a%20b' }" }, "its path may have"],
    ["an issuer with ; in its path", { file: "{ issuer: 'https://id.example.com/a;b' }" }, "its path may have"],
    ["an issuer with // in its path", { file: "{ issuer: 'https://id.example.com//a' }" }, "its path may have"],
    ["an issuer at the health check", { file: "{ issuer: 'https://id.example.com/health' }" }, "its path may have"],
    ["an issuer at the other health check", { file: "{ issuer: 'https://id.example.com/ready' }" }, "its path may"],
    ["a scope name with a space", { file: "{ scopes: { 'a b': { title: 'A' } } }" }, "scopes.a b is not a scope name"],
    [
      "a scope with another access",
      { file: "{ scopes: { a: { title: 'A', access: 'write' } } }" },
      'scopes.a.access must be "read" or "change"',
    ],
    ["a scope without a title", { file: "{ scopes: { a: {} } }" }, "scopes.a.title must be a line"],
    ["a list as the whole", { file: "[]" }, "symbolon.config.ts: must be an object"],
    ["a host with an address", { file: "{ hosts: ['https://a.example'] }" }, "hosts.0 must be a lower-case host name"],
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

  test("names every problem of every source at once", async () => {
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

  test("a named file that does not exist", async () => {
    await expect(load({ flags: { config: "other.config.ts" } })).rejects.toThrow(
      "There is no configuration file other.config.ts",
    );
  });
});

describe("the order of the sources", () => {
  const file = "{ port: 1001, host: 'file.example', tokenRequestsPerMinute: 7 }";

  test("has the defaults without any source", async () => {
    const settings = await load({});
    expect(settings).toMatchObject({
      port: 8787,
      issuer: undefined,
      lifetimes: defaultLifetimes,
      isCatalogueConfigured: false,
    });
    expect(settings.data).toMatch(/symbolon-data$/);
  });
  test("the file overrides the defaults, key by key", async () => {
    const settings = await load({ file: "{ lifetimes: { access: 120 } }" });
    expect(settings.lifetimes).toEqual({ ...defaultLifetimes, access: 120 });
  });
  test("the environment overrides the file", async () => {
    expect(await load({ file, env: { SYMBOLON_PORT: "1002", SYMBOLON_HOST: "" } })).toMatchObject({
      port: 1002,
      host: "file.example",
      tokenRequestsPerMinute: 7,
    });
  });
  test("a flag overrides both", async () => {
    expect(await load({ file, env: { SYMBOLON_PORT: "1002" }, flags: { port: "1003" } })).toMatchObject({
      port: 1003,
      host: "file.example",
    });
  });
  test("reads a list of hosts from the environment", async () => {
    expect((await load({ env: { SYMBOLON_HOSTS: "a.example, b.example:8443" } })).hosts).toEqual([
      "a.example",
      "b.example:8443",
    ]);
  });
  test("a configured catalogue replaces the example", async () => {
    const settings = await load({ file: "{ scopes: { 'a:b': { title: 'A', access: 'read' } } }" });
    expect(settings).toMatchObject({ scopes: { "a:b": { title: "A", access: "read" } }, isCatalogueConfigured: true });
  });
  test("a configured https issuer removes the example catalogue", async () => {
    expect((await load({ flags: { issuer: "https://id.example.com" } })).scopes).toEqual({});
  });
});

describe("the address to listen on", () => {
  const whereOf = async (flags: SettingFlags, isDevelopment: boolean) =>
    chooseAddress(await load({ flags }), isDevelopment);

  test("--dev listens on localhost and makes the issuer from the port", async () => {
    expect(await whereOf({ port: "9000" }, true)).toEqual({
      issuer: "http://localhost:9000",
      host: "localhost",
      port: 9000,
    });
  });
  test.for(["0.0.0.0", "::", "192.0.2.1", "id.example.com"])("--dev refuses to listen on %s", async (host) => {
    await expect(whereOf({ host }, true)).rejects.toThrow("--dev listens on this computer only");
  });
  test.for(["127.0.0.1", "::1", "localhost"])("--dev accepts to listen on %s", async (host) => {
    expect((await whereOf({ host }, true)).host).toBe(host);
  });
  test("--dev refuses a plain http issuer away from loopback", async () => {
    await expect(whereOf({ issuer: "http://id.example.com" }, true)).rejects.toThrow("must be https");
  });
  test("refuses a missing issuer without --dev", async () => {
    await expect(whereOf({}, false)).rejects.toThrow("The issuer is not configured");
  });
  test.for(["http://localhost:8787", "http://id.example.com"])(
    "refuses the issuer %s without --dev",
    async (issuer) => {
      await expect(whereOf({ issuer }, false)).rejects.toThrow("The issuer must be https");
    },
  );
  test("accepts any address with an https issuer", async () => {
    expect(await whereOf({ issuer: "https://id.example.com/tenant", host: "0.0.0.0" }, false)).toMatchObject({
      host: "0.0.0.0",
      port: 8787,
    });
  });
});

describe("the configuration file of a command", () => {
  const example = join(import.meta.dirname, "../../../symbolon.config.example.ts");

  test("symbolon.config.example.ts loads, and its catalogue limits the scopes", async () => {
    const options = { data: join(temporaryDirectory(), "data") };
    const create = ["app", "create", "--name", "N", "--redirect-uri", "https://a.example/cb", "--config", example];
    expect((await runJson<{ scope: string }>(create, options)).scope).toBe("profile:read payroll:read payroll:write");
    const { code, stderr } = await runSymbolon([...create, "--scope", "payroll:raed"], options);
    expect(code).toBe(2);
    expect(stderr).toContain("payroll:raed is not in the catalogue (did you mean payroll:read?)");
  });

  test("symbolon.config.ts of the working directory is read", async () => {
    const cwd = temporaryDirectory();
    writeFileSync(join(cwd, "symbolon.config.ts"), "export default { lifetimes: { acces: 60 } };");
    const { code, stderr } = await runSymbolon(["serve", "--dev"], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain("symbolon.config.ts: lifetimes.acces is not a known key (did you mean access?)");
  });

  test("SYMBOLON_CONFIG names the file if --config does not", async () => {
    const options = { data: join(temporaryDirectory(), "data"), env: { SYMBOLON_CONFIG: example } };
    expect((await runJson<{ scope: string }>(["app", "create", "--name", "N"], options)).scope).toContain(
      "payroll:write",
    );
  });
});
