import { Sealed, type GrantId } from "@symbolon/protocol";
import {
  allow,
  gcraLimiter,
  hmacKeyring,
  nowOf,
  secretSlot,
  standardLimits,
  StoreUnavailable,
  type Deps,
  type Grant,
  type KeyringData,
  type Store,
} from "@symbolon/server";
import { exampleSession } from "../examples.ts";
import { fakeClock } from "../fake-clock.ts";
import { editRow } from "../row-edits.ts";
import { seededRandom } from "../seeded-random.ts";
import { takeBackup, type Backup, type RevokedTokens } from "./backup.ts";
import { gatedStore, type Gate } from "./gated-store.ts";
import type { Preset } from "./token-family-model.ts";
import {
  account,
  applicationOf,
  basic,
  challenge,
  config,
  consentScope,
  keyringData,
  redirectUri,
  registeredStore,
  startsAt,
  verifier,
} from "./registration.ts";
import { answerCall, type Answer, type Call } from "./wire.ts";

/** Fails the nth call to the store from now on, once, before or after the call has its effect. */
export type NextFault = { nth: number; when: "before" | "after" };

/** One server without a scheduler, whose store fails on demand: for loops and for properties. */
export class SoloServer {
  readonly clock = fakeClock(startsAt);
  readonly deps: Deps;
  #store: Store;
  #fault: NextFault | undefined;
  #keys: KeyringData = keyringData;
  readonly #revokedTokens: RevokedTokens = new Map();

  private constructor(store: Store) {
    this.#store = store;
    const gated = gatedStore(() => this.#store, this.#gate);
    this.deps = {
      config,
      store: {
        ...gated,
        grants: {
          ...gated.grants,
          change: (id, decide) => gated.grants.change(id, (row) => this.#remember(id, decide(row))),
        },
      },
      keyring: hmacKeyring(() => this.#keys),
      clock: this.clock,
      random: seededRandom(1),
      passwords: { hash: async (text) => text, verify: async () => false },
      limiter: gcraLimiter(standardLimits(config.tokenRequestsPerMinute), this.clock),
      emit: () => {},
    };
  }

  static async open(): Promise<SoloServer> {
    return new SoloServer(await registeredStore());
  }

  #requests = 0;

  /** A code for a new grant, as the user's browser brings it back. */
  async obtainCode(preset: Preset): Promise<{ id: GrantId; code: string }> {
    const application = (await this.#store.applications.find(applicationOf(preset)))!;
    const transaction = {
      client: application.id,
      redirectUri,
      state: `request ${++this.#requests}`, // without it, the code of the request before comes again
      scope: consentScope,
      audiences: [],
      challenge,
      prompt: [],
      maxAgeSeconds: null,
      loginHint: "",
      resourceHint: "",
      uiLocales: [],
      acrValues: [],
      startedAt: nowOf(this.clock),
      signedInBy: null,
    };
    const user = { owner: account.id, name: account.email, resources: [], session: exampleSession() };
    const screen = await allow(transaction, application, user, null, this.deps);
    const code = /[?&]code=([^&#]+)/.exec(screen.show === "redirect" ? screen.location : "")![1]!;
    return { id: this.deps.keyring.read("code", new Sealed(code))!.grantId, code };
  }

  send(endpoint: Call["endpoint"], form: Call["form"], caller: string, secret?: string): Promise<Answer> {
    return answerCall({ by: "test", endpoint, form, authorization: basic(caller, secret) }, this.deps);
  }

  redeem(preset: Preset, code: string, codeVerifier = verifier): Promise<Answer> {
    return this.send(
      "token",
      { grant_type: "authorization_code", code, code_verifier: codeVerifier, redirect_uri: redirectUri },
      applicationOf(preset),
    );
  }

  /** Returns whether the armed fault has happened by the end of `act`. */
  async withFault<T>(fault: NextFault, act: () => Promise<T>): Promise<{ result: T; struck: boolean }> {
    this.#fault = { ...fault };
    const result = await act();
    const struck = this.#fault === undefined;
    this.#fault = undefined;
    return { result, struck };
  }

  /** Directly on the store, without faults. */
  async row(id: GrantId): Promise<Grant | undefined> {
    return this.#store.grants.find(id);
  }

  rows(): Promise<Grant[]> {
    return this.#store.grants.list({ limit: 1000 });
  }

  backUp(): Promise<Backup> {
    return takeBackup(this.#store, this.#revokedTokens);
  }

  async restore(backup: Backup): Promise<void> {
    this.#store = await backup.bring();
  }

  /** Puts a new key into force; the old keys still verify. */
  rotateKey(): void {
    const id = this.#keys.keys.length + 1;
    const key = {
      id,
      secret: Buffer.alloc(32, id + 100).toString("base64url"),
      createdAt: 0,
      activeFrom: nowOf(this.clock),
    };
    this.#keys = { ...this.#keys, keys: [...this.#keys.keys, key] };
  }

  /** Adds a second secret before the others, or keeps only the newest. */
  async setSecrets(preset: Preset, secrets: readonly string[]): Promise<void> {
    const id = applicationOf(preset);
    const slots = secrets.map((secret) => secretSlot(this.deps.keyring, id, new Sealed(secret), 0));
    await editRow(this.#store.applications, id, { secrets: slots, authMethod: "client_secret_basic" });
  }

  readonly #gate: Gate = async (_call, perform) => {
    const fault = this.#fault;
    if (fault === undefined || --fault.nth > 0) return await perform();
    this.#fault = undefined;
    if (fault.when === "after") await perform();
    throw new StoreUnavailable("told to fail");
  };

  #remember<T extends { revokedToken?: { fingerprint: Uint8Array; until: number } }>(grant: GrantId, change: T): T {
    const { revokedToken } = change;
    if (revokedToken !== undefined)
      this.#revokedTokens.set(Buffer.from(revokedToken.fingerprint).toString("hex"), { grant, ...revokedToken });
    return change;
  }
}
