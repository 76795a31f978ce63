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
import { greet } from "./greeting.ts";

const flags = {
  port: { type: "string", value: "N", summary: "the port to listen on (default 8788)" },
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

The pages below /emulator show applications, requests and grants. Tests move the clock and inject faults with
POST /emulator/control/advance, /fault, /revoke and others: see docs/emulator.md. The emulator listens on this computer
only. All data is made up, kept in memory, and lost when it stops.`,
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
    const stopped = untilSignal();
    await using emulated = await listen({ ...options, profile: readProfile(name, given.set) });
    greet(name, options.seed, emulated, given.json, terminal);
    await stopped;
    exitSoon();
    return 0;
  },
});

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
