import { resolve } from "node:path";
import { replaceFileSync } from "@symbolon/durable-files";
import {
  BadField,
  emulator,
  profiles,
  profileWith,
  systemWorld,
  type ApplicationOptions,
  type Emulator,
  type ProfileName,
  type World,
} from "@symbolon/emulator";
import { command, type Values } from "../command/command.ts";
import { suggestion } from "../command/did-you-mean.ts";
import { Failure, UsageError } from "../command/failure.ts";
import { exitSoon, untilSignal } from "../edge/signal.ts";
import { readApplications } from "./applications.ts";
import type { ServerCertificate } from "./certificate.ts";
import { greet } from "./greeting.ts";

const flags = {
  port: { type: "string", value: "N", summary: "the port to listen on (default 8788)" },
  tls: { type: "boolean", summary: "serve https, with a certificate of its own that clients have to trust" },
  seed: { type: "string", value: "N", summary: "the same seed makes the same ids and tokens (default 1)" },
  start: {
    type: "string",
    value: "TIME",
    summary: "the start of the provider's clock, such as 2026-01-31T12:00:00Z (default now)",
  },
  set: {
    type: "string",
    value: "NAME=VALUE",
    summary: "a setting of the provider (docs/emulator.md)",
    multiple: true,
  },
  "client-id": { type: "string", value: "ID", summary: "the client id (default made from the seed)" },
  "client-secret": { type: "string", value: "S", summary: "the client secret (default made from the seed)" },
  "redirect-uri": {
    type: "string",
    value: "URI",
    summary: "the redirect URI (default http://127.0.0.1:3000/callback)",
    multiple: true,
  },
  applications: {
    type: "string",
    value: "FILE",
    summary: "a JSON list of applications, instead of one from these flags",
  },
} as const;

/** The certificate of the authority, which is no secret. */
const authorityFile = "symbolon-emulator-ca.pem";

const names = Object.keys(profiles) as ProfileName[];

export const emulate = command({
  name: "emulate",
  operands: ["PROVIDER"],
  summary: "emulate an OAuth provider, to test clients against it",
  details: `
Providers
${names.map((name) => `  ${name.padEnd(14)} ${profiles[name].description}`).join("\n")}

Examples
  symbolon emulate gusto
  symbolon emulate fitbit --port 9000 --seed 7 --set shutdown=schedule
  symbolon emulate gusto --tls

The pages below /emulator show applications, requests and grants. Tests move the clock and inject faults with
POST /emulator/control/advance, /fault, /revoke and others: see docs/emulator.md. The emulator listens on this computer
only. All data is made up, kept in memory, and lost when it stops.

--tls makes a certificate for 127.0.0.1 and localhost at each start, writes that of its authority to
./${authorityFile}, and prints how clients trust it. The keys stay in memory.`,
  flags,
  async run({ flags: given, operands: [name], terminal }) {
    if (!isProfileName(name))
      throw new UsageError(
        `There is no provider "${name.slice(0, 40)}"${suggestion(name, names)}.`,
        `Providers: ${names.join(", ")}.`,
      );
    const port = readNumber("port", given.port, 8788, 65_535);
    const options = {
      port,
      seed: readNumber("seed", given.seed, 1, 2 ** 31),
      world: worldFrom(given.start),
      applications: await applicationsOf(given),
    };
    const profile = readProfile(name, given.set);
    const certificate = given.tls ? await makeCertificate() : undefined;
    const stopped = untilSignal();
    await using emulated = await listen({
      ...options,
      profile,
      ...(certificate === undefined ? {} : { tls: certificate }),
    });
    const authority = certificate === undefined ? undefined : resolve(terminal.cwd, authorityFile);
    if (authority !== undefined) replaceFileSync(authority, certificate!.authority);
    greet({ profile: name, seed: options.seed, emulated, authority }, given.json, terminal);
    await stopped;
    exitSoon();
    return 0;
  },
});

/** Loads the library for certificates here only, because every command loads this file. */
async function makeCertificate(): Promise<ServerCertificate> {
  const { newServerCertificate } = await import("./certificate.ts");
  return newServerCertificate(systemWorld.epochMs());
}

const isProfileName = (name: string): name is ProfileName => names.includes(name as ProfileName);

function readProfile(name: ProfileName, settings: readonly string[]) {
  try {
    return profileWith(name, settings);
  } catch (error) {
    if (error instanceof BadField)
      throw new UsageError(`--set: ${error.message}.`, "docs/emulator.md lists the settings.");
    throw error;
  }
}

function readNumber(flag: string, text: string | undefined, defaultValue: number, maximum: number): number {
  if (text === undefined) return defaultValue;
  if (/^\d{1,10}$/.test(text) && Number(text) <= maximum) return Number(text);
  throw new UsageError(`--${flag} must be a whole number up to ${maximum}, not "${text.slice(0, 40)}".`);
}

/** The system's clock, or one that starts at another time and runs at the same speed. */
function worldFrom(start: string | undefined): World {
  if (start === undefined) return systemWorld;
  const startMs = Date.parse(start);
  if (Number.isNaN(startMs))
    throw new UsageError(`--start must be a time such as 2026-01-31T12:00:00Z, not "${start.slice(0, 40)}".`);
  const offsetMs = startMs - systemWorld.epochMs();
  return { ...systemWorld, epochMs: () => systemWorld.epochMs() + offsetMs };
}

async function applicationsOf(given: Values<typeof flags>): Promise<readonly ApplicationOptions[]> {
  const {
    "client-id": clientId,
    "client-secret": clientSecret,
    "redirect-uri": redirectUris,
    applications: file,
  } = given;
  const one = {
    ...(clientId === undefined ? {} : { clientId }),
    ...(clientSecret === undefined ? {} : { clientSecret }),
    ...(redirectUris.length === 0 ? {} : { redirectUris }),
  };
  if (file === undefined) return [one];
  if (Object.keys(one).length > 0)
    throw new UsageError(
      "--applications cannot be combined with --client-id, --client-secret or --redirect-uri.",
      "Put these values into the file.",
    );
  return await readApplications(file);
}

async function listen(options: Parameters<typeof emulator>[0]): Promise<Emulator> {
  try {
    return await emulator(options);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EADDRINUSE")
      throw new Failure(
        `Port ${options.port} is in use.`,
        "Stop the process that listens on it, or choose another port: --port 0 takes any free port.",
      );
    if (code === "EACCES")
      throw new Failure(`This user may not listen on port ${options.port}.`, "Choose a --port above 1023.");
    throw error;
  }
}
