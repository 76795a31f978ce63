import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  fetchOf,
  newCore,
  profiles,
  stillWorld,
  type GrantView,
  type Profile,
  type ProfileName,
} from "@symbolon/emulator";
import { applicationOf, type Tokens } from "./application.ts";

/**
 * What can be done with a grant: any refresh token that was ever seen is presented, any access token used, time passes.
 */
type Step = { do: "refresh"; which: number } | { do: "use"; which: number } | { do: "wait"; seconds: number };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant("refresh" as const), which: fc.nat(20) }),
    fc.record({ do: fc.constant("use" as const), which: fc.nat(20) }),
    fc.record({ do: fc.constant("wait" as const), seconds: fc.constantFrom(1, 29, 31, 119, 121, 86_400) }),
  ),
  { maxLength: 25 },
);

/** The way of rotation of a profile, on the plain wire. */
const plain = (name: ProfileName): Profile => ({ ...profiles[name], dialect: profiles.strict.dialect });

/** Takes the steps, and shows the grant after each of them. */
async function walk(
  profile: ProfileName,
  taken: readonly Step[],
  look: (grant: GrantView, response: { step: Step; status: number; tokens?: Tokens }) => void,
): Promise<void> {
  const url = "http://127.0.0.1:8788";
  const core = newCore({ profile: plain(profile) }, url, stillWorld);
  const application = applicationOf({
    url,
    applications: core.control.applications(),
    fetch: fetchOf(core, stillWorld),
  });
  const first = core.control.consent();
  const [access, refresh] = [[first.accessToken], [first.refreshToken]];
  for (const step of taken) {
    let status = 200;
    let tokens: Tokens | undefined;
    if (step.do === "wait") core.control.advance(step.seconds);
    if (step.do === "use") status = await application.call(access[step.which % access.length]!);
    if (step.do === "refresh") {
      const response = await application.refresh(refresh[step.which % refresh.length]!);
      status = response.status;
      if (status === 200) tokens = response.body as Tokens;
    }
    if (tokens !== undefined && !access.includes(tokens.access_token)) access.push(tokens.access_token);
    if (tokens?.refresh_token !== undefined && !refresh.includes(tokens.refresh_token))
      refresh.push(tokens.refresh_token);
    look(core.control.grants()[0]!, { step, status, ...(tokens === undefined ? {} : { tokens }) });
  }
}

const live = (grant: GrantView): Set<string> =>
  new Set(grant.pairs.flatMap(({ refresh }) => (refresh?.state === "live" ? [refresh.fingerprint] : [])));

describe("any tokens in any order", () => {
  test.each(Object.keys(profiles) as ProfileName[])(
    "%s: what has ended stays ended, and nothing works any more",
    async (profile) => {
      await fc.assert(
        fc.asyncProperty(steps, async (taken) => {
          let hasEnded = false;
          await walk(profile, taken, (grant, { step, status }) => {
            if (hasEnded && step.do !== "wait") expect(status).not.toBe(200);
            hasEnded ||= grant.state === "ended";
            if (hasEnded) expect(live(grant).size).toBe(0);
          });
        }),
        { numRuns: 60 },
      );
    },
  );

  test.each(["strict", "replay", "timed", "none", "fitbit", "google-health"] as const)(
    "%s: one live refresh token at most",
    async (profile) => {
      await fc.assert(
        fc.asyncProperty(steps, (taken) =>
          walk(profile, taken, (grant) => expect(live(grant).size).toBeLessThanOrEqual(1)),
        ),
        { numRuns: 60 },
      );
    },
  );

  test.each(["gusto", "fitbit", "google-health", "none", "timed"] as const)(
    "%s: no client's mistake ends the grant",
    async (profile) => {
      await fc.assert(
        fc.asyncProperty(steps, (taken) => walk(profile, taken, (grant) => expect(grant.state).toBe("active"))),
        { numRuns: 60 },
      );
    },
  );

  test("gusto: only predecessors of used pairs are invalid", async () => {
    await fc.assert(
      fc.asyncProperty(steps, (taken) =>
        walk("gusto", taken, (grant) => {
          const spent = new Set(
            grant.pairs.flatMap(({ usedAt, parent }) => (usedAt === null || parent === null ? [] : [parent])),
          );
          for (const { serial, refresh } of grant.pairs)
            expect(refresh!.state).toBe(spent.has(serial) ? "dead" : "live");
        }),
      ),
      { numRuns: 60 },
    );
  });
});
