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
import { checkStorage } from "../keeper/check-storage.ts";

const flags = {
  name: { type: "string", value: "NAME", summary: "the name of the grant (default PROFILE)" },
  server: { type: "string", value: "URL", summary: "the URL of the provider, if the profile has none or another one" },
  "client-id": {
    type: "string",
    value: "ID",
    summary: "the client id (default SYMBOLON_CLIENT_ID, or that of the last login)",
  },
  "client-secret-file": {
    type: "string",
    value: "FILE",
    summary: "a file with the client secret, - for stdin (default SYMBOLON_CLIENT_SECRET, or that of the last login)",
  },
  scope: { type: "string", value: "SCOPE", summary: "a scope to request", multiple: true },
  port: {
    type: "string",
    value: "N",
    summary: "the port of the registered redirect URI http://127.0.0.1:N/callback (default any free port)",
  },
  device: { type: "boolean", summary: "sign in on another device by typing a code" },
  "no-browser": { type: "boolean", summary: "print the URL instead of opening a browser" },
  ...keeperFlags,
} as const;

type LoginInvocation = Invocation<typeof flags, readonly [string]>;

export const login = command({
  name: "login",
  operands: ["PROFILE"],
  summary: "sign in at a provider and keep the grant for your scripts",
  details: `
Profiles
  ${Object.keys(profiles).join(", ")}
  generic reads the metadata of the provider at --server (RFC 8414).

Examples
  symbolon login gusto --client-id ID --client-secret-file secret.txt --port 3000
  symbolon login symbolon --server https://auth.example.com --client-id ID --name staging
  symbolon token gusto --header | curl -H @- https://api.gusto-demo.com/v1/me

The command opens the provider's page in your browser and waits up to five minutes for the redirect to
http://127.0.0.1:PORT/callback. Without a display it prints a code for another device, if the provider supports that.
Tokens and the client secret are stored sealed. A second login under a name replaces the first.`,
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
        `Profiles: ${known.join(", ")}.`,
      );
    const name = readName(given.name ?? profile);
    const port = readPort(given.port);
    return await withKeeper(invocation, true, async ({ store, vault, keeperOf }) => {
      const before = await readConnection(name, store, vault);
      await checkStorage(store, vault);
      const requested = await connectionOf(profile, invocation, before);
      const connection = { ...requested, generation: await generationOf(requested, store, vault) };
      await using keeper = keeperOf([providerOf(connection)]);
      await keeper.status(name).catch(ignoreIfReplaceable);
      const tokens = await signIn(connection, port, invocation);
      await writeConnection(name, connection, store, vault);
      const { accessToken, refreshToken, expiresIn, scopes } = tokens;
      await keeper.adopt(name, { accessToken, refreshToken, lifetimeSeconds: expiresIn, scope: scopes });
      if (refreshToken === undefined)
        terminal.err("warning: the provider issued no refresh token, so the grant ends when the access token expires.");
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
          `Signed in. The name of the grant is ${name}${expiresIn === undefined ? "" : `; its access token is valid for ${durationText(expiresIn)}`}.`,
          `  symbolon token ${name} --header | curl -H @- URL`,
        ],
      );
    });
  },
});

/** A grant that is missing or unreadable may be replaced. */
function ignoreIfReplaceable(error: unknown): void {
  if (!(error instanceof KeeperError && (error.code === "unknown_grant" || error.code === "unreadable"))) throw error;
}

/** Flags override the environment, which overrides the last login under this name. */
async function connectionOf(
  profile: string,
  { flags: given, terminal }: LoginInvocation,
  last: Connection | undefined,
): Promise<Connection> {
  const before =
    last !== undefined && (typeof last.profile === "string" ? last.profile : "generic") === profile ? last : undefined;
  const clientId = given["client-id"] ?? (terminal.env["SYMBOLON_CLIENT_ID"] || before?.clientId);
  if (clientId === undefined) throw new UsageError("--client-id is needed.", "Set --client-id or SYMBOLON_CLIENT_ID.");
  const server = given.server ?? before?.server;
  if (server === undefined && profiles[profile]!.bases.api === undefined)
    throw new UsageError(
      `--server is needed for the profile ${profile}.`,
      "For example --server https://id.example.com.",
    );
  const newSecret = await readSecret(given["client-secret-file"], terminal);
  // A secret is sent only to the server that it was given for.
  const clientSecret =
    newSecret ?? (before?.clientId === clientId && before.server === server ? before.clientSecret : undefined);
  return {
    profile: profile === "generic" ? await unwrap(discover(server!)) : profile,
    ...(server === undefined ? {} : { server }),
    clientId,
    ...(clientSecret === undefined ? {} : { clientSecret }),
    generation: 1,
  };
}

/** There is no flag for the secret itself: every user of the machine can list the arguments of a process. */
async function readSecret(
  file: string | undefined,
  { env, cwd, readInput }: LoginInvocation["terminal"],
): Promise<Sealed | undefined> {
  if (file === undefined) return env["SYMBOLON_CLIENT_SECRET"] ? new Sealed(env["SYMBOLON_CLIENT_SECRET"]) : undefined;
  const text = (
    file === "-"
      ? await readInput()
      : await readFile(resolve(cwd, file), "utf8").catch((error: unknown) =>
          refuseSecretFile(`${file} cannot be read: ${messageOf(error)}`),
        )
  ).trim();
  return text === "" ? refuseSecretFile("The file of --client-secret-file is empty.") : new Sealed(text);
}

function refuseSecretFile(message: string): never {
  throw new Failure(message, "Check --client-secret-file.");
}

function readPort(text = "0"): number {
  if (/^\d{1,5}$/.test(text) && Number(text) < 65_536) return Number(text);
  throw new UsageError(`--port must be a whole number up to 65535, not "${text.slice(0, 40)}".`);
}

/** Signs in with the browser of this machine, or without a display with a code on another device. */
async function signIn(
  connection: Connection,
  port: number,
  { flags: given, terminal }: LoginInvocation,
): Promise<Tokens> {
  const client = clientOf(connection);
  const scope = given.scope.length === 0 ? {} : { scope: given.scope.join(" ") };
  const mayOpen = !given["no-browser"] && hasDisplay(terminal.env);
  if (
    given.device ||
    (!mayOpen && !given["no-browser"] && client.application.profile.endpoints.deviceAuthorization !== undefined)
  ) {
    const device = await client.startDevice(scope);
    terminal.err(printable(`Open ${device.verificationUri} on any device and type the code ${device.userCode}`));
    if (device.verificationUriComplete !== undefined)
      terminal.err(`Or open this URL, which includes the code: ${device.verificationUriComplete}`);
    return await client.awaitDevice({ device });
  }
  const show = async (url: string): Promise<void> => {
    terminal.err(
      mayOpen && (await openBrowser(url))
        ? "Waiting for the sign-in in your browser. If no page appears, open:"
        : "Open this URL in a browser on this machine:",
    );
    terminal.err(url);
  };
  return await unwrap(signInOnLoopback(client.application, { show, port, ...scope })).catch((error: unknown) => {
    throw describeLoopbackError(error, port);
  });
}

const hasDisplay = (env: LoginInvocation["terminal"]["env"]): boolean =>
  process.platform === "darwin" || process.platform === "win32" || Boolean(env["DISPLAY"] || env["WAYLAND_DISPLAY"]);

function describeLoopbackError(error: unknown, port: number): unknown {
  if (isClientError(error) && error.provider === "loopback" && error.field === "port")
    return new Failure(
      `Port ${port} of 127.0.0.1 cannot be used: ${error.message}`,
      "Leave --port out, or choose another one.",
      { cause: error },
    );
  if (isClientError(error) && error.provider === "loopback" && error.code === "timeout")
    return new Failure(
      "The sign-in was not finished within five minutes.",
      "Run the command again. If the provider's page showed an error about the redirect URI, set --port to the registered port.",
      { cause: error },
    );
  return error;
}
