import { startProvider, type Provider } from "../keeper/provider.ts";
import type { Answer, Rule } from "../keeper/rules.ts";

/** What can go wrong when access tokens expire (refresh-tokens.md B12). */
export const scenarios = {
  concurrent: "10 callers at once, one object",
  two_objects: "10 callers at once, two objects on one store",
  second_expiry: "the same, and a second expiry after it",
  lost_answer: "the answer is lost after the provider has processed it",
  slow_store: "storing takes 200 ms",
  network_error: "one network error before the request is sent",
  omitted: "the provider omits refresh_token",
} as const;
export type Scenario = keyof typeof scenarios;

export type TrialSetup = {
  provider: Provider;
  url: string;
  /** The tokens of the consent. The access token is treated as expired. */
  first: Answer & { refresh_token: string };
  isAlive(): boolean;
  posts(): number;
};

export type Report = { posts: number; outcome: string; kept: boolean };

/** One scenario with one library. `kept` says whether the client can still refresh at the next expiry. */
export type Trial = {
  scenario: Scenario;
  subject: string;
  /** No client can keep this grant: the provider has ended it before the client could notice. */
  inevitable?: true;
  run(): Promise<Report>;
};

const grant = "grant";

/** Runs a trial with its own provider. "strict": a spent refresh token ends the grant. */
export async function withProvider(
  rule: Rule,
  run: (setup: TrialSetup) => Promise<Omit<Report, "posts">>,
): Promise<Report> {
  const provider = await startProvider({ nowMs: () => Date.now(), latencyMs: 10, stallMs: 1000 });
  try {
    const first = provider.grant(grant, rule);
    const setup: TrialSetup = {
      provider,
      url: provider.url,
      first: { ...first, refresh_token: first.refresh_token! },
      isAlive: () => provider.lineOf(grant).dead === undefined,
      posts: () => provider.seen.length,
    };
    return { ...(await run(setup)), posts: setup.posts() };
  } finally {
    await provider.stop();
  }
}

/** How many callers request a token at the same time. */
export const callers = 10;
export async function callTenTimes(
  call: (n: number) => Promise<unknown>,
): Promise<{ served: number; rejected: number; words: string }> {
  const turns = await Promise.allSettled(Array.from({ length: callers }, (_, n) => call(n)));
  const served = turns.filter((turn) => turn.status === "fulfilled").length;
  return {
    served,
    rejected: callers - served,
    words: served === callers ? "all served" : `${served} served, ${callers - served} rejected`,
  };
}

export const familyState = (setup: TrialSetup): string => (setup.isAlive() ? "family alive" : "family dead");

/** Imports a module that is installed only for the trials. The compiler does not know its types, so `T` states them. */
export const importLibrary = async <T>(name: string): Promise<T> => (await import(name)) as T;

/** Runs `work` without console output: some libraries log the errors that they catch. */
export async function withoutConsole<T>(work: () => Promise<T>): Promise<T> {
  const { warn, error } = console;
  console.warn = console.error = () => {};
  try {
    return await work();
  } finally {
    Object.assign(console, { warn, error });
  }
}

/** A `fetch` whose first request fails before it is sent. */
export function failingOnce(): typeof fetch {
  let failed = false;
  return async (...given) => {
    if (failed) return fetch(...given);
    failed = true;
    throw new TypeError("fetch failed", {
      cause: Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" }),
    });
  };
}
