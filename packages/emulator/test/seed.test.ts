import { describe, expect, test } from "vitest";
import { profiles, type ProfileName } from "@symbolon/emulator";
import { applicationOf, begin } from "./application.ts";

/** Everything that an emulator hands out in a short life, without its port. */
async function story(profile: ProfileName, seed: number): Promise<unknown> {
  await using at = await begin({ profile, seed });
  const { control } = at;
  const code = control.code({ redirectUri: "http://127.0.0.1:3000/callback" });
  return {
    applications: control.applications(),
    first: at.first,
    code,
    requests: control.requests(),
    grants: control.grants(),
  };
}

describe("the same seed gives the same ids, tokens and timings", () => {
  test.each(Object.keys(profiles) as ProfileName[])("%s", async (profile) => {
    expect(await story(profile, 7)).toEqual(await story(profile, 7));
    expect(await story(profile, 8)).not.toEqual(await story(profile, 7));
  });

  test("the tokens of one grant do not depend on other grants", async () => {
    const tokensOfFirst = async (disturb: boolean): Promise<string> => {
      await using at = await begin({ profile: "strict", seed: 3 });
      const second = at.control.consent({ person: "Grace" });
      if (disturb) await applicationOf(at.emulated).refreshed(second.refreshToken);
      return (await at.application.refreshed(at.first.refreshToken)).refresh_token;
    };
    expect(await tokensOfFirst(true)).toBe(await tokensOfFirst(false));
  });
});
