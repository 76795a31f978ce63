import {
  fitbit,
  generic,
  googleHealth,
  gusto,
  keeperProvider,
  Sealed,
  type Application,
  type Profile,
  type RotationClass,
} from "@symbolon/client";
import { createKeeper, memoryStore, type Vault } from "@symbolon/client/keeper";
import { fetchOf, newCore, profiles, type Fault, type ProfileName } from "@symbolon/emulator";
import { describe, expect, test } from "vitest";
import { virtualTime } from "./virtual-time.ts";

/** Sealing has its own tests, and would need threads. */
const openVault: Vault = {
  seal: async (text, bound) => JSON.stringify([text, bound]),
  open: async (sealed) => (JSON.parse(sealed) as string[])[0]!,
  tag: async (text) => Buffer.from(text).toString("hex").slice(-180),
  rekey: async () => {},
};

const url = "http://127.0.0.1:8788";

const genericOf = (rotation: RotationClass): Profile => ({
  ...generic,
  issuer: "{api}",
  endpoints: { token: "{api}/token", revocation: "{api}/revoke" },
  rotation,
});

/** Our client's profile for each of the emulator's. */
const clientProfiles: Readonly<Record<ProfileName, Profile>> = {
  gusto,
  fitbit,
  "google-health": googleHealth,
  lazy: genericOf({ kind: "lazy" }),
  replay: genericOf({ kind: "replay", windowSeconds: 120 }),
  grace: genericOf({ kind: "grace", windowSeconds: 30 }),
  timed: genericOf({ kind: "timed", everySeconds: 86_400 }),
  none: genericOf({ kind: "none" }),
  strict: genericOf({ kind: "strict" }),
};

function begin(name: ProfileName) {
  const time = virtualTime();
  const core = newCore({ profile: name }, url, time.emulator);
  const [application] = core.control.applications();
  const asked: Application = {
    profile: clientProfiles[name],
    clientId: application!.clientId,
    clientSecret: application!.clientSecret!,
    baseUrl: url,
    fetch: fetchOf(core, time.emulator),
    world: time.client,
    timeoutMs: 5000,
  };
  const keeper = createKeeper({
    providers: keeperProvider(asked),
    store: memoryStore(),
    keys: openVault,
    world: time.client,
  });
  const first = core.control.consent();
  const accessTokens = core.provider.accessTokens;
  const isGood = (token: Sealed): boolean => accessTokens.get(token.reveal())?.grant.ended === null;
  return { time, keeper, control: core.control, first, isGood };
}

const faults: readonly Fault[] = [
  { what: "drop_request" },
  { what: "drop_answer" },
  { what: "hang" },
  { what: "reset" },
  { what: "half_close" },
  { what: "delay", ms: 2000, when: "before_processing" },
  { what: "delay", ms: 2000 },
  { what: "delay", ms: 60_000 },
  { what: "slow_body", msPerByte: 5 },
  { what: "status", status: 429, retryAfterSeconds: 3 },
  { what: "status", status: 429 },
  { what: "status", status: 500 },
  { what: "status", status: 502, processed: true },
  { what: "status", status: 503, retryAfterSeconds: 2 },
  { what: "html" },
  { what: "html", status: 200 },
  { what: "html", status: 200, processed: true },
  { what: "malformed" },
  { what: "wrong_iss" },
  { what: "duplicate" },
  { what: "duplicate", answer: "first" },
];

/** Whether the provider processed the refresh and the client has no answer: with strict rotation the grant is lost. */
const isLostAtStrict = (fault: Fault): boolean =>
  ["drop_answer", "hang", "reset", "half_close", "malformed"].includes(fault.what) ||
  (fault.what === "duplicate" && fault.answer !== "first") ||
  ("processed" in fault && fault.processed === true) ||
  (fault.what === "delay" && fault.ms > 5000);

const survivors = Object.keys(profiles).filter((name) => name !== "strict") as ProfileName[];

describe.each(survivors)("the client and the keeper at the emulated %s", (name) => {
  test.each(faults)("keeps the grant through %j and gets a working token", async (fault) => {
    const { time, keeper, control, first, isGood } = begin(name);
    await time.run(
      keeper.adopt("grant", {
        accessToken: new Sealed(first.accessToken),
        refreshToken: new Sealed(first.refreshToken),
        lifetimeSeconds: first.expiresInSeconds,
      }),
    );
    for (let round = 0; round < 2; round++) {
      time.pass(first.expiresInSeconds);
      if (round === 0) control.fault({ ...fault, operation: "refresh_token", times: 1 });
      let token = await time.run(keeper.tryToken("grant"));
      for (let again = 0; !token.ok && again < 20; again++) {
        time.pass(5);
        token = await time.run(keeper.tryToken("grant"));
      }
      expect(token.ok, token.ok ? "" : token.error.message).toBe(true);
      if (token.ok) expect(isGood(token.value.accessToken)).toBe(true);
    }
    expect(control.faults()[0]!.struck, "the fault did strike").toBe(1);
    expect(control.grants()).toMatchObject([{ state: "active" }]);
    await time.run(keeper.close());
  });
});

describe("the client and the keeper at the emulated strict provider", () => {
  test.each(faults)(
    "%j: what was not processed does no harm; a lost answer costs one more question, and the end is told",
    async (fault) => {
      const { time, keeper, control, first } = begin("strict");
      await time.run(
        keeper.adopt("grant", {
          accessToken: new Sealed(first.accessToken),
          refreshToken: new Sealed(first.refreshToken),
          lifetimeSeconds: first.expiresInSeconds,
        }),
      );
      time.pass(first.expiresInSeconds);
      control.fault({ ...fault, operation: "refresh_token", times: 1 });
      let token = await time.run(keeper.tryToken("grant"));
      for (let again = 0; !token.ok && again < 40; again++) {
        time.pass(60);
        token = await time.run(keeper.tryToken("grant"));
      }
      expect(control.faults()[0]!.struck).toBe(1);
      expect(token.ok).toBe(!isLostAtStrict(fault));
      expect(control.grants()[0]!.state).toBe(isLostAtStrict(fault) || fault.what === "duplicate" ? "ended" : "active");
      if (!token.ok) expect(token.error.code).toBe("ended");
      await time.run(keeper.close());
    },
  );
});
