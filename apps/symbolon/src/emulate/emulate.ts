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
  seed: { type: "string", value: "N", summary: "the same seed gives the same ids and tokens (default 1)" },
  start: { type: "string", value: "TIME", summary: "the time it is there, such as 2026-01-31T12:00:00Z (default now)" },
  set: {
    type: "string",
    value: "NAME=VALUE",
    summary: "a setting of the provider, as docs/emulator.md lists them",
    multiple: true,
  },
  "client-id": { type: "string", value: "ID", summary: "of the application (default made of the seed)" },
  "client-secret": { type: "string", value: "S", summary: "of the application (default made of the seed)" },
  "redirect-uri": {
    type: "string",
    value: "URI",
    summary: "of the application (default http://127.0.0.1:3000/callback)",
    multiple: true,
  },
  applications: { type: "string", value: "FILE", summary: "a JSON list of applications, instead of the one" },
} as const;

const names = Object.keys(profiles) as ProfileName[];

export const emulate = command({
  name: "emulate",
  operands: ["PROVIDER"],
  summary: "be somebody else's OAuth provider, to test against",
  details: `
Providers
${names.map((name) => `  ${name.padEnd(14)} ${profiles[name].description}`).join("\n")}

  symbolon emulate gusto
  symbolon emulate fitbit --port 9000 --seed 7 --set shutdown=schedule

The pages below /emulator show applications, requests and grants. A test moves the clock and breaks things by
POST /emulator/control/advance, /fault, /revoke and so on; docs/emulator.md has them all. Everything is made up and kept
in memory, it listens on this computer only, and it is gone when it stops.`,
  flags,
  async run({ flags: asked, operands: [name], terminal }) {
    if (!isProfileName(name))
      throw new UsageError(
        `There is no provider "${name.slice(0, 40)}"${suggestion(name, names)}.`,
        `There are ${names.join(", ")}.`,
      );
    const port = readNumber("port", asked.port, 8788, 65_535);
    const options = {
      port,
      seed: readNumber("seed", asked.seed, 1, 2 ** 31),
      world: worldFrom(asked.start),
      applications: await applicationsOf(asked),
    };
    const stopped = untilSignal();
    await using emulated = await listen({ ...options, profile: readProfile(name, asked.set) });
    greet(name, options.seed, emulated, asked.json, terminal);
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

function readNumber(flag: string, text: string | undefined, byDefault: number, most: number): number {
  if (text === undefined) return byDefault;
  if (/^\d{1,10}$/.test(text) && Number(text) <= most) return Number(text);
  throw new UsageError(`--${flag} must be a whole number up to ${most}, not "${text.slice(0, 40)}".`);
}

/** This machine's clock, or one that starts elsewhere and goes on like it. */
function worldFrom(start: string | undefined): World {
  if (start === undefined) return systemWorld;
  const startMs = Date.parse(start);
  if (Number.isNaN(startMs))
    throw new UsageError(`--start must be a time such as 2026-01-31T12:00:00Z, not "${start.slice(0, 40)}".`);
  const aheadMs = startMs - systemWorld.epochMs();
  return { ...systemWorld, epochMs: () => systemWorld.epochMs() + aheadMs };
}

async function applicationsOf(asked: Values<typeof flags>): Promise<readonly ApplicationOptions[]> {
  const {
    "client-id": clientId,
    "client-secret": clientSecret,
    "redirect-uri": redirectUris,
    applications: file,
  } = asked;
  const one = {
    ...(clientId === undefined ? {} : { clientId }),
    ...(clientSecret === undefined ? {} : { clientSecret }),
    ...(redirectUris.length === 0 ? {} : { redirectUris }),
  };
  if (file === undefined) return [one];
  if (Object.keys(one).length > 0)
    throw new UsageError("--applications names them all; leave --client-id, --client-secret and --redirect-uri out.");
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
        "Stop what listens there, or choose another: --port 0 takes any that is free.",
      );
    if (code === "EACCES")
      throw new Failure(`This user may not listen on port ${options.port}.`, "Choose a port above 1023.");
    throw error;
  }
}
