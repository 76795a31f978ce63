import { emulator, systemWorld, type Emulator } from "@symbolon/emulator";
import { once } from "node:events";
import { chmodSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { address, newHome, startLogin, type Home } from "./login.ts";
import { runSymbolon } from "./start-server.ts";

let provider: Emulator;
beforeAll(async () => {
  provider = await emulator({ profile: "strict", world: systemWorld });
  provider.control.answerConsent("allow");
});
afterAll(() => provider.close());

const begin = (
  home: Home,
  name: string,
  more: Parameters<typeof startLogin>[3] = {},
): ReturnType<typeof startLogin> => {
  const { clientId, clientSecret } = provider.applications[0]!;
  return startLogin(["generic", "--server", provider.url, "--name", name, "--no-browser"], address, home, {
    SYMBOLON_CLIENT_ID: clientId,
    SYMBOLON_CLIENT_SECRET: clientSecret!,
    ...more,
  });
};

async function logIn(home: Home, name: string, more: Record<string, string> = {}): Promise<void> {
  const { said, end } = await begin(home, name, more);
  await fetch(said);
  expect(await end).toMatchObject({ code: 0 });
}

test("refresh-tokens.md B3.3: login fails before the sign-in if the grant cannot be stored", async () => {
  const home = newHome();
  const [right, wrong] = ["A".repeat(43), `${"B".repeat(42)}A`];
  await logIn(home, "first", { SYMBOLON_KEEPER_KEY: right });
  await expect(begin(home, "second", { SYMBOLON_KEEPER_KEY: wrong })).rejects.toThrow(
    /login ended with 1: [^]*Check that SYMBOLON_KEEPER_KEY/,
  );
  // A disk that takes no more: of no file may a single byte be written.
  const full = { ...home, before: "ulimit -f 0" };
  await expect(begin(full, "second", { SYMBOLON_KEEPER_KEY: right })).rejects.toThrow(
    /login ended with 1: [^]*cannot be read or written[^]*Check the disk/,
  );
  expect(provider.control.requests("authorization_code")).toHaveLength(1);
});

test("refresh-tokens.md B3.3: prints the token and keeps the sealed pair in the outbox if the store vanishes before the write", async () => {
  const home = newHome();
  let refreshes = 0;
  // Answers every request for tokens; when it is a refresh, the records are gone by then.
  const server = createServer(async (request, response) => {
    const body = (await request.setEncoding("utf8").toArray()).join("");
    const url = `http://${request.headers.host}`;
    const isRefresh = body.includes("grant_type=refresh_token");
    if (isRefresh) refreshes++;
    if (isRefresh) renameSync(home.records, `${home.records}.away`);
    const said = request.url!.startsWith("/.well-known/")
      ? { issuer: url, authorization_endpoint: `${url}/authorize`, token_endpoint: `${url}/token` }
      : {
          access_token: isRefresh ? "second-at" : "first-at",
          refresh_token: isRefresh ? "second-rt" : "first-rt",
          token_type: "Bearer",
          expires_in: 3600,
        };
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(said));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { said, end } = await startLogin(
    ["generic", "--server", url, "--client-id", "x", "--name", "torn", "--no-browser"],
    address,
    home,
  );
  const asked = new URL(said).searchParams;
  await fetch(`${asked.get("redirect_uri")}?code=c&state=${asked.get("state")}`);
  expect(await end).toMatchObject({ code: 0 });

  const spool = join(home.path, ".local/state/symbolon/keeper-spool");
  const printed = await runSymbolon(["token", "torn", "--rejected"], { env: home.env, input: "first-at" });
  expect(printed).toMatchObject({
    code: 0,
    stdout: "second-at\n",
    stderr: expect.stringContaining(`They are kept, sealed, in ${spool}/`),
  });
  const files = (await readdir(spool, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const bytes = (await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), "latin1")))).join("");
  expect(bytes).toContain("torn");
  expect(bytes).not.toContain("second-");

  // The disk is back: the next caller gets the pair, though the process that bought it still seems to hold the lease.
  renameSync(`${home.records}.away`, home.records);
  expect(await runSymbolon(["token", "torn", "--rejected"], { env: home.env, input: "first-at" })).toMatchObject({
    code: 0,
    stdout: "second-at\n",
  });
  expect(refreshes).toBe(1);
  server.close();
});

test("shows the store's reason: the file that other users can read, and the chmod command", async () => {
  const home = newHome();
  await logIn(home, "wide");
  const entry = join(home.records, "g.wide");
  const file = join(
    entry,
    readdirSync(entry).find((name) => name.startsWith("value."))!,
  );
  chmodSync(file, 0o644);
  expect(await runSymbolon(["token", "wide"], { env: home.env })).toMatchObject({
    code: 1,
    stdout: "",
    stderr: expect.stringContaining(`Run: chmod 600 ${file}`),
  });
});

test("lists the readable grants and reports the damaged one", async () => {
  const home = newHome();
  await logIn(home, "sound");
  await logIn(home, "torn");
  const entry = join(home.records, "login.torn");
  writeFileSync(
    join(
      entry,
      readdirSync(entry).find((name) => name.startsWith("value."))!,
    ),
    "half a rec",
  );
  const listed = await runSymbolon(["keeper", "status"], { env: home.env });
  expect(listed).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/sound[^]*torn/),
    stderr: expect.stringContaining("login.torn"),
  });
});

test("C-06: reports that it waits for the refresh of another process", async () => {
  const home = newHome();
  await logIn(home, "slow");
  const { stdout } = await runSymbolon(["token", "slow"], { env: home.env });
  provider.control.fault({ what: "delay", ms: 4500, operation: "refresh_token" });
  const said = await runSymbolon(["token", "slow", "--rejected"], { env: home.env, input: stdout });
  provider.control.clearFaults();
  expect(said).toMatchObject({ code: 0, stderr: expect.stringContaining("slow is being refreshed") });
});

test("refresh-tokens.md B8: an outdated secret under one name does not block the right secret under another", async () => {
  const home = newHome();
  let valid = "old";
  const server = createServer(async (request, response) => {
    const body = (await request.setEncoding("utf8").toArray()).join("");
    const url = `http://${request.headers.host}`;
    const basic = Buffer.from(request.headers.authorization?.split(" ")[1] ?? "", "base64").toString();
    const isRight = basic.endsWith(`:${valid}`) || new URLSearchParams(body).get("client_secret") === valid;
    const isMetadata = request.url!.startsWith("/.well-known/");
    const said = isMetadata
      ? { issuer: url, authorization_endpoint: `${url}/authorize`, token_endpoint: `${url}/token` }
      : isRight
        ? { access_token: `at-${valid}`, refresh_token: "rt", token_type: "Bearer", expires_in: 3600 }
        : { error: "invalid_client" };
    response
      .writeHead(isMetadata || isRight ? 200 : 401, { "content-type": "application/json" })
      .end(JSON.stringify(said));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  for (const [name, secret] of [
    ["one", "old"],
    ["other", "new"],
  ] as const) {
    valid = secret;
    const { said, end } = await startLogin(
      ["generic", "--server", url, "--client-id", "x", "--name", name, "--no-browser"],
      address,
      home,
      { SYMBOLON_CLIENT_SECRET: secret },
    );
    const asked = new URL(said).searchParams;
    await fetch(`${asked.get("redirect_uri")}?code=c&state=${asked.get("state")}`);
    expect(await end).toMatchObject({ code: 0 });
  }
  const refresh = (name: string, rejected: string) =>
    runSymbolon(["token", name, "--rejected"], { env: home.env, input: rejected });
  expect(await refresh("one", "at-old")).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("refuses the client credentials"),
  });
  expect(await refresh("other", "at-new")).toMatchObject({ code: 0, stdout: "at-new\n" });
  server.close();
});

test("without HOME it writes nothing to the working directory and names the variables to set", async () => {
  const home = newHome();
  const env = { ...home.env, HOME: "" };
  expect(
    await runSymbolon(["login", "generic", "--server", provider.url, "--client-id", "x"], { env, cwd: home.path }),
  ).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/HOME.*[^]*XDG_DATA_HOME, XDG_CONFIG_HOME and XDG_STATE_HOME/),
  });
  expect(readdirSync(home.path)).toEqual([]);
});

test("a damaged key file is reported with the advice to restore the right key", async () => {
  const home = newHome();
  await logIn(home, "kept");
  writeFileSync(home.keyFile, "garbage");
  expect(await runSymbolon(["token", "kept"], { env: home.env })).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("Restore the right key"),
  });
});

test("a token rejected within a minute of the last such refresh is printed again, and stderr says so (C-10)", async () => {
  const home = newHome();
  await logIn(home, "insisting");
  const reject = (token: string) => runSymbolon(["token", "insisting", "--rejected"], { env: home.env, input: token });
  const { stdout: first } = await runSymbolon(["token", "insisting"], { env: home.env });
  const refreshed = await reject(first);
  expect(refreshed).toMatchObject({ code: 0, stderr: "" });
  expect(refreshed.stdout).not.toBe(first);
  expect(await reject(refreshed.stdout)).toMatchObject({
    code: 0,
    stdout: refreshed.stdout,
    stderr: expect.stringMatching(/is the one that you reported.*less than a minute ago.*check its scope/),
  });
});
