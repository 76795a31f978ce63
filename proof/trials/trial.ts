import { startProvider, type Provider } from "../keeper/provider.ts";
import type { Answer, Rule } from "../keeper/rules.ts";

/** What may go wrong when access tokens expire (refresh-tokens.md B12). */
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

export type Stage = {
  provider: Provider;
  url: string;
  /** The pair that the person's consent brought; its access token is taken for expired. */
  first: Answer & { refresh_token: string };
  isAlive(): boolean;
  posts(): number;
};

export type Report = { posts: number; outcome: string; kept: boolean };

/**
 * One scenario, carried out with one library's own means. `kept` says whether the next expiry can still be survived.
 */
export type Trial = {
  scenario: Scenario;
  subject: string;
  /** Nobody can keep this grant: the provider has ended it before the client could know anything. */
  inevitable?: true;
  run(): Promise<Report>;
};

const grant = "grant";

/** A provider of its own for each trial. "strict": a spent refresh token ends the grant. */
export async function onStage(rule: Rule, carryOut: (stage: Stage) => Promise<Omit<Report, "posts">>): Promise<Report> {
  const provider = await startProvider({ nowMs: () => Date.now(), latencyMs: 10, stallMs: 1000 });
  try {
    const first = provider.grant(grant, rule);
    const stage: Stage = {
      provider,
      url: provider.url,
      first: { ...first, refresh_token: first.refresh_token! },
      isAlive: () => provider.lineOf(grant).dead === undefined,
      posts: () => provider.seen.length,
    };
    return { ...(await carryOut(stage)), posts: stage.posts() };
  } finally {
    await provider.stop();
  }
}

/** Ten callers who want a token at the same moment. */
export const callers = 10;
export async function tenAtOnce(
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

export const family = (stage: Stage): string => (stage.isAlive() ? "family alive" : "family dead");

/**
 * For modules that are installed only when the trials run: the compiler does not know them, so each trial says what it
 * uses.
 */
export const library = async <T>(name: string): Promise<T> => (await import(name)) as T;

/** Libraries that write on the console what they caught. */
export async function quietly<T>(work: () => Promise<T>): Promise<T> {
  const { warn, error } = console;
  console.warn = console.error = () => {};
  try {
    return await work();
  } finally {
    Object.assign(console, { warn, error });
  }
}

/** A `fetch` whose first request never leaves. */
export function failsOnce(): typeof fetch {
  let failed = false;
  return async (...given) => {
    if (failed) return fetch(...given);
    failed = true;
    throw new TypeError("fetch failed", {
      cause: Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" }),
    });
  };
}
