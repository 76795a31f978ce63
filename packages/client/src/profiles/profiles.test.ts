import { describe, expect, test } from "vitest";
import { endpointUrl } from "../endpoint-url.ts";
import type { Endpoints, Profile } from "../profile.ts";
import { fitbit } from "./fitbit.ts";
import { generic } from "./generic.ts";
import { googleHealth } from "./google-health.ts";
import { gusto } from "./gusto.ts";
import { symbolon } from "./symbolon.ts";

const profiles: Profile[] = [gusto, fitbit, googleHealth, symbolon, generic];

describe("refresh-tokens B1: profiles", () => {
  test.each([
    ["gusto", gusto, { kind: "lazy" }],
    ["fitbit", fitbit, { kind: "replay", windowSeconds: 120 }],
    ["google-health", googleHealth, { kind: "none" }],
    ["symbolon", symbolon, { kind: "lazy" }],
    ["generic", generic, { kind: "strict" }],
  ])("%s", (name, profile, rotation) => expect(profile).toMatchObject({ name, rotation }));
  test("a profile is plain data and has the date of its last check", () => {
    for (const profile of profiles) {
      expect(JSON.parse(JSON.stringify(profile))).toEqual(profile);
      expect(profile.checkedOn).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    }
  });
  test("every endpoint resolves to https", () => {
    for (const profile of profiles) {
      for (const name of Object.keys(profile.endpoints) as (keyof Endpoints)[])
        expect(
          endpointUrl({ profile, baseUrl: profile.bases.api ?? "https://id.example/tenant" }, name, "x"),
          `${profile.name} ${name}`,
        ).toMatchObject({ ok: true });
    }
  });
});

describe("gusto 2.10, fitbit 3.9: scopes", () => {
  test("each scope is a valid scope token and listed once", () => {
    for (const { scopes } of profiles) {
      expect(new Set(scopes).size).toBe(scopes.length);
      for (const scope of scopes) expect(scope).toMatch(/^[\x21\x23-\x5b\x5d-\x7e]+$/);
    }
  });
  test("there are more than a hundred of Gusto, fifteen of Fitbit, and those of Google Health", () => {
    expect(gusto.scopes.length).toBeGreaterThan(100);
    expect(fitbit.scopes).toHaveLength(15);
    expect(googleHealth.scopes).toContain("https://www.googleapis.com/auth/googlehealth.sleep.writeonly");
    expect(googleHealth.scopes).not.toContain("https://www.googleapis.com/auth/googlehealth.ecg.writeonly");
  });
});
