import { newControl, selectFault, type Control, type ControlState } from "./control/control.ts";
import { BadField } from "./control/fields.ts";
import { answerControl } from "./control/http.ts";
import { errorOf, maskedAuthorization, maskedParameters, readTarget } from "./control/log.ts";
import { answerUnder, type Delivery } from "./faults/answer.ts";
import { profiles, type ProfileName } from "./profiles.ts";
import type { Profile, Route } from "./provider/provider.ts";
import type { ApplicationOptions } from "./provider/application.ts";
import type { Provider } from "./provider/provider.ts";
import { addApplication } from "./provider/register.ts";
import { newSeed } from "./seed.ts";
import { withHeaders, type EmulatorResponse, type EmulatorRequest } from "./wire/message.ts";
import type { World } from "./world.ts";

export type CoreOptions = {
  /** The provider to emulate: a name, or a profile that `profileWith` made. */
  profile: ProfileName | Profile;
  /** The same seed gives the same ids, tokens and timings. Default 1. */
  seed?: number | undefined;
  /** Default: one confidential client with the redirect URI http://127.0.0.1:3000/callback. */
  applications?: readonly ApplicationOptions[] | undefined;
};

/** The emulator without a network: takes a request, returns an answer and how to deliver it. */
export type Core = {
  /** Controls the emulator. */
  control: Control;
  /** Its state. */
  provider: Provider;
  /** Handles one request. */
  handle(request: EmulatorRequest, signal?: AbortSignal): Promise<Delivery>;
};

/** Creates an emulated provider. `url` is its base URL, base path included, without a trailing slash. */
export function newCore(
  { profile, seed: seedNumber = 1, applications = [{}] }: CoreOptions,
  url: string,
  world: World,
): Core {
  const chosen = typeof profile === "object" && profile?.dialect ? profile : profileNamed(profile as ProfileName);
  const seed = newSeed(seedNumber);
  const state: ControlState = { faults: [], log: [], requests: 0, offsetMs: 0 };
  const provider: Provider = {
    profile: chosen,
    seed,
    url,
    epochMs: () => world.epochMs() + state.offsetMs,
    applications: new Map(),
    people: chosen.dialect.people(seed),
    grants: new Map(),
    codes: new Map(),
    accessTokens: new Map(),
    refreshTokens: new Map(),
    quotas: new Map(),
    waiting: new Map(),
    consent: "ask",
  };
  for (const options of applications) addApplication(provider, options);
  const control = newControl(provider, state);
  return {
    control,
    provider,
    async handle(asked, signal) {
      const path = pathBelowBase(asked.path, url);
      if (path === undefined) return { answer: chosen.dialect.notFound(asked, provider), manner: "whole" };
      const request = { ...asked, path };
      const answer = answerControl(request, control, provider);
      return answer === undefined ? await handle(request, provider, state, world, signal) : { answer, manner: "whole" };
    },
  };
}

function profileNamed(name: ProfileName): Profile {
  if (!Object.hasOwn(profiles, name))
    throw new BadField(`profile must be a Profile or one of ${Object.keys(profiles).join(", ")}`);
  return profiles[name];
}

/** When the log gets longer, its older half is dropped: an emulator may run for weeks. */
const longestLog = 20_000;

/** Handles one request: finds its route, selects a fault, processes and logs it. */
async function handle(
  request: EmulatorRequest,
  provider: Provider,
  state: ControlState,
  world: World,
  signal: AbortSignal | undefined,
): Promise<Delivery> {
  const route = routeOf(request, provider.profile.dialect.routes);
  const endpoint = route?.operation ?? "not_found";
  const { operations, client, parameters } = readTarget(request, endpoint);
  const fault = selectFault(provider, state, { operations, client });
  const entry = {
    number: ++state.requests,
    at: provider.epochMs(),
    operation: operations[0]!,
    endpoint,
    method: request.method,
    path: request.path,
    client,
    parameters: maskedParameters(parameters),
    authorization: maskedAuthorization(request),
    status: 0,
    error: undefined as string | undefined,
    fault: fault?.what,
  };
  state.log.push(entry);
  if (state.log.length > longestLog) state.log.splice(0, longestLog / 2);
  const { dialect } = provider.profile;
  const waiting = countWaiting(provider, endpoint === "token" ? parameters.get("refresh_token") : undefined);
  const process = (): EmulatorResponse => {
    waiting.end();
    return route?.answer(request, provider) ?? dialect.notFound(request, provider);
  };
  const delivery = await answerUnder(fault, process, dialect.faultAnswer, world, signal).finally(waiting.end);
  const answer = dialect.finish?.(delivery.answer, request, provider) ?? delivery.answer;
  entry.status = answer.status;
  entry.error = errorOf(answer);
  return { ...delivery, answer: withHeaders(answer, { date: new Date(provider.epochMs()).toUTCString() }) };
}

/**
 * Counts a request with a refresh token as waiting until it is processed or abandoned, so that simultaneous requests
 * can be detected.
 */
function countWaiting({ waiting, refreshTokens }: Provider, refreshToken: string | undefined): { end(): void } {
  if (refreshToken === undefined || !refreshTokens.has(refreshToken)) return { end() {} };
  waiting.set(refreshToken, (waiting.get(refreshToken) ?? 0) + 1);
  let isOver = false;
  return {
    end() {
      if (isOver) return;
      isOver = true;
      const left = waiting.get(refreshToken)! - 1;
      if (left > 0) waiting.set(refreshToken, left);
      else waiting.delete(refreshToken);
    },
  };
}

function routeOf({ method, path }: EmulatorRequest, routes: readonly Route[]): Route | undefined {
  const fits = (route: Route): boolean =>
    typeof route.path === "string" ? route.path === path : route.path.test(path);
  return routes.find((route) => route.method === method && fits(route));
}

/** The path below the base path, or undefined if it is outside. */
function pathBelowBase(path: string, url: string): string | undefined {
  const base = new URL(url).pathname.replace(/\/$/, "");
  if (path === base) return "/";
  return path.startsWith(`${base}/`) ? path.slice(base.length) : undefined;
}
