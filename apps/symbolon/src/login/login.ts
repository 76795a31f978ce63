import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { discover, isClientError, Sealed, unwrap, type Tokens } from "@symbolon/client";
import { KeeperError } from "@symbolon/client/keeper";
import { openBrowser, signInOnLoopback } from "@symbolon/client/loopback";
import { command, type Invocation } from "../command/command.ts";
import { suggestion } from "../command/did-you-mean.ts";
import { Failure, messageOf, UsageError } from "../command/failure.ts";
import { durationText, print, printable } from "../command/print.ts";
import {
  clientOf,
  generationOf,
  profiles,
  providerOf,
  readConnection,
  writeConnection,
  type Connection,
} from "../keeper/connection.ts";
import { keeperFlags, withKeeper } from "../keeper/open.ts";
import { readName } from "../keeper/name.ts";
import { rehearseStoring } from "../keeper/rehearse.ts";

const flags = {
  name: { type: "string", value: "NAME", summary: "what the grant is called from now on (default PROFILE)" },
  server: { type: "string", value: "URL", summary: "the provider's address, where it is not the usual one" },
  "client-id": {
    type: "string",
    value: "ID",
    summary: "of the application (default SYMBOLON_CLIENT_ID, or as last time)",
  },
  "client-secret-file": {
    type: "string",
    value: "FILE",
    summary: "the file with its secret, - for stdin (default SYMBOLON_CLIENT_SECRET, or as last time)",
  },
  scope: { type: "string", value: "SCOPE", summary: "what to ask for", multiple: true },
  port: {
    type: "string",
    value: "N",
    summary: "of http://127.0.0.1:N/callback, where the provider wants that registered (default any)",
  },
  device: { type: "boolean", summary: "sign in on another device, with a code to type" },
  "no-browser": { type: "boolean", summary: "print the address, and open nothing" },
  ...keeperFlags,
} as const;

type Asked = Invocation<typeof flags, readonly [string]>;

export const login = command({
  name: "login",
  operands: ["PROFILE"],
  summary: "sign in at a provider, and keep the grant for every script of yours",
  details: `
Profiles: ${Object.keys(profiles).join(", ")}. "generic" reads what the provider at --server says of itself.

  symbolon login gusto --client-id ID --client-secret-file secret.txt --port 3000
  symbolon login symbolon --server https://auth.example.com --client-id ID --name staging
  symbolon token gusto --header | curl -H @- https://api.gusto-demo.com/v1/me

Opens the provider's page in your browser and waits for it at http://127.0.0.1:PORT/callback, five minutes at most. Where
there is no screen, and the provider can do it, you get a code to type on another device. Tokens and the secret are sealed
before they are stored. Logging in again under a name takes the place of the grant before.`,
  flags,
  async run(invocation) {
    const {
      flags: given,
      operands: [profile],
      terminal,
    } = invocation;
    const known = Object.keys(profiles);
    if (!known.includes(profile))
      throw new UsageError(
        `There is no profile "${profile.slice(0, 40)}"${suggestion(profile, known)}.`,
        `There are ${known.join(", ")}.`,
      );
    const name = readName(given.name ?? profile);
    const port = readPort(given.port);
    return await withKeeper(invocation, true, async ({ store, vault, keeperOf }) => {
      const before = await readConnection(name, store, vault);
      await rehearseStoring(store, vault);
      const drawn = await connectionOf(profile, invocation, before);
      const connection = { ...drawn, generation: await generationOf(drawn, store, vault) };
      await using keeper = keeperOf([providerOf(connection)]);
      await keeper.status(name).catch(passIfReplaceable);
      const tokens = await signIn(connection, port, invocation);
      await writeConnection(name, connection, store, vault);
      const { accessToken, refreshToken, expiresIn, scopes } = tokens;
      await keeper.adopt(name, { accessToken, refreshToken, lifetimeSeconds: expiresIn, scope: scopes });
      if (refreshToken === undefined)
        terminal.err("warning: the provider gave no refresh token, so this grant ends with its access token.");
      return print(
        invocation,
        {
          name,
          profile,
          client_id: connection.clientId,
          scope: scopes ?? null,
          expires_in: expiresIn ?? null,
          renewable: refreshToken !== undefined,
          replaced: before !== undefined,
        },
        [
          `Signed in. The grant is called ${name}${expiresIn === undefined ? "" : `; its access token lives for ${durationText(expiresIn)}`}.`,
          `  symbolon token ${name} --header | curl -H @- URL`,
        ],
      );
    });
  },
});

/** What is not there, or cannot be read any more, gives way to a new grant. */
function passIfReplaceable(error: unknown): void {
  if (!(error instanceof KeeperError && (error.code === "unknown_grant" || error.code === "unreadable"))) throw error;
}

/** Flags first, then the environment, then what was said at the last login of this name. */
async function connectionOf(
  profile: string,
  { flags: given, terminal }: Asked,
  last: Connection | undefined,
): Promise<Connection> {
  const before =
    last !== undefined && (typeof last.profile === "string" ? last.profile : "generic") === profile ? last : undefined;
  const clientId = given["client-id"] ?? (terminal.env["SYMBOLON_CLIENT_ID"] || before?.clientId);
  if (clientId === undefined)
    throw new UsageError("The application's client id is needed.", "--client-id ID, or SYMBOLON_CLIENT_ID.");
  const server = given.server ?? before?.server;
  if (server === undefined && profiles[profile]!.bases.api === undefined)
    throw new UsageError(`The address of the ${profile} server is needed.`, "--server URL");
  const asked = await readSecret(given["client-secret-file"], terminal);
  // A secret goes to the server that it was given for, and to no other.
  const clientSecret =
    asked ?? (before?.clientId === clientId && before.server === server ? before.clientSecret : undefined);
  return {
    profile: profile === "generic" ? await unwrap(discover(server!)) : profile,
    ...(server === undefined ? {} : { server }),
    clientId,
    ...(clientSecret === undefined ? {} : { clientSecret }),
    generation: 1,
  };
}

/** Not from a flag: whoever lists the processes of this machine would see it. */
async function readSecret(
  file: string | undefined,
  { env, cwd, readInput }: Asked["terminal"],
): Promise<Sealed | undefined> {
  if (file === undefined) return env["SYMBOLON_CLIENT_SECRET"] ? new Sealed(env["SYMBOLON_CLIENT_SECRET"]) : undefined;
  const text = (
    file === "-"
      ? await readInput()
      : await readFile(resolve(cwd, file), "utf8").catch((error: unknown) =>
          fail(`${file} cannot be read: ${messageOf(error)}`),
        )
  ).trim();
  return text === "" ? fail("There is no secret in what --client-secret-file names.") : new Sealed(text);
}

function fail(message: string): never {
  throw new Failure(message);
}

function readPort(text = "0"): number {
  if (/^\d{1,5}$/.test(text) && Number(text) < 65_536) return Number(text);
  throw new UsageError(`--port must be a whole number up to 65535, not "${text.slice(0, 40)}".`);
}

/** By the browser of this machine, or with a code on another device where there is no screen. */
async function signIn(connection: Connection, port: number, { flags: given, terminal }: Asked): Promise<Tokens> {
  const client = clientOf(connection);
  const scope = given.scope.length === 0 ? {} : { scope: given.scope.join(" ") };
  const mayOpen = !given["no-browser"] && hasScreen(terminal.env);
  if (
    given.device ||
    (!mayOpen && !given["no-browser"] && client.application.profile.endpoints.deviceAuthorization !== undefined)
  ) {
    const device = await client.startDevice(scope);
    terminal.err(printable(`Open ${device.verificationUri} on any device, and type: ${device.userCode}`));
    if (device.verificationUriComplete !== undefined)
      terminal.err(`With the code in it: ${device.verificationUriComplete}`);
    return await client.awaitDevice({ device });
  }
  const show = async (url: string): Promise<void> => {
    terminal.err(
      mayOpen && (await openBrowser(url))
        ? "Waiting for you in the browser. If it shows nothing, open:"
        : "Open this address in a browser of this machine:",
    );
    terminal.err(url);
  };
  return await unwrap(signInOnLoopback(client.application, { show, port, ...scope })).catch((error: unknown) => {
    throw inWords(error, port);
  });
}

const hasScreen = (env: Asked["terminal"]["env"]): boolean =>
  process.platform === "darwin" || process.platform === "win32" || Boolean(env["DISPLAY"] || env["WAYLAND_DISPLAY"]);

function inWords(error: unknown, port: number): unknown {
  if (isClientError(error) && error.provider === "loopback" && error.field === "port")
    return new Failure(
      `Port ${port} of 127.0.0.1 cannot be used: ${error.message}`,
      "Leave --port out, or name another one.",
      { cause: error },
    );
  if (isClientError(error) && error.provider === "loopback" && error.code === "timeout")
    return new Failure(
      "Nobody came back in time.",
      "Run it again when you are ready. That a redirect URI is not registered shows only on the provider's page: --port must be the registered one.",
      { cause: error },
    );
  return error;
}
