import { expect } from "vitest";
import type { AsyncCommand } from "fast-check";
import { GrantModel, type Backup, type NextFault, type Preset, type SoloServer } from "@symbolon/testing";
import { Sealed, type GrantId } from "@symbolon/protocol";
import type { Grant, IntrospectionResponse, TokenResponse } from "@symbolon/server";

type Pair = TokenResponse & { refresh_token: string };
type Issued = { text: string; generation: number; issuedAt: number; variant: number; scope: string };

/** The expected state, without the database. */
export type Sketch = {
  grant: GrantModel;
  saved: { grant: GrantModel; dead: Set<string> } | undefined;
  dead: Set<string>;
  wasRestored: boolean;
  preset: Preset;
};

/** The real server, and the tokens that its client holds. */
export type Reality = {
  server: SoloServer;
  id: GrantId;
  code: string;
  backup: Backup | undefined;
  secrets: string[];
  refreshTokens: { text: string; generation: number }[];
  accessTokens: Issued[];
};

export type GrantCommand = AsyncCommand<Sketch, Reality>;

const appOf = (sketch: Sketch): string => `app_${sketch.preset}`;
const newest = <T>(list: readonly T[], back: number): T | undefined => list.at(-1 - (back % list.length));
const row = async ({ server, id }: Reality): Promise<Grant> => (await server.row(id))!;
const send = (real: Reality, endpoint: "token" | "revoke", form: Record<string, string>, model: Sketch) =>
  real.server.send(endpoint, form, appOf(model), real.secrets[0]);

/** Records an answer with tokens and checks S1, S2 and S6. */
function keep(real: Reality, model: Sketch, pair: Pair, asked: string | undefined): void {
  const { keyring } = real.server.deps;
  const refresh = keyring.read("refresh", new Sealed(pair.refresh_token))!;
  const access = keyring.read("access", new Sealed(pair.access_token))!;
  expect(refresh.generation, "S2: one head").toBe(model.grant.head);
  expect(pair.scope, "S6: within the consent").toBe(asked ?? "read write");
  if (!real.refreshTokens.some(({ text }) => text === pair.refresh_token))
    real.refreshTokens.push({ text: pair.refresh_token, generation: refresh.generation });
  if (!real.accessTokens.some(({ text }) => text === pair.access_token))
    real.accessTokens.push({ text: pair.access_token, ...access, scope: pair.scope });
}

/** Checks that rows and model agree, and that rows contain no credential (S7). */
async function compare(real: Reality, model: Sketch): Promise<void> {
  const { generation, state, ...rest } = await row(real);
  expect([generation, state === "revoked"]).toEqual([model.grant.head, model.grant.isRevoked]);
  expect(JSON.stringify(rest)).not.toMatch(/sym_[a-z]{2}_/);
}

const command = (name: string, run: (model: Sketch, real: Reality) => Promise<void>): GrantCommand => ({
  check: () => true,
  toString: () => name,
  async run(model, real) {
    await run(model, real);
    await compare(real, model);
  },
});

/** The user allows the application again; later commands use the new grant, and the old one is unchanged. */
export const authorize = (): GrantCommand =>
  command("authorize", async (model, real) => {
    const before = await row(real);
    const { id, code } = await real.server.obtainCode(model.preset);
    const { expiresAt } = (await real.server.row(id))!;
    expect(await row(real), "S5: another consent changes nothing of this one").toEqual(before);
    Object.assign(real, { id, code, backup: undefined, refreshTokens: [], accessTokens: [] });
    Object.assign(model, {
      grant: new GrantModel(model.preset, real.server.clock.now(), { ...lives, endsAt: expiresAt }),
      saved: undefined,
      dead: new Set(),
      wasRestored: false,
    });
  });

/** In seconds, as the servers of these properties are configured. */
export const lives = { code: 60, access: 60, idle: 1800 };

export const redeem = (isVerifierRight: boolean): GrantCommand =>
  command(`redeem${isVerifierRight ? "" : " with a wrong verifier"}`, async (model, real) => {
    const before = await row(real);
    const form = {
      grant_type: "authorization_code",
      code: real.code,
      code_verifier: isVerifierRight ? rightVerifier : rightVerifier.replace(/.$/, "Z"),
    };
    const expected = model.grant.redeem(true, isVerifierRight, real.server.clock.now());
    const answer = await send(real, "token", form, model);
    expect(answer.status, "I1").toBe(expected === "redeemed" ? 200 : 400);
    if (answer.status === 200) keep(real, model, answer.body as Pair, undefined);
    if (expected === "refused") expect(await row(real), "S5").toEqual(before);
  });

const rightVerifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

/** `isLost`: the client does not get the answer. */
export const refresh = (
  back: number,
  intent: string | undefined,
  scope: string | undefined,
  isLost: boolean,
): GrantCommand =>
  command(
    `refresh(${[back, intent, scope].filter((one) => one !== undefined).join(", ")})${isLost ? ", answer lost" : ""}`,
    async (model, real) => {
      const presented = newest(real.refreshTokens, back);
      if (presented === undefined) return;
      const before = await row(real);
      const expected = model.grant.refresh(presented.generation, intent, scope !== "admin", real.server.clock.now());
      const answer = await send(real, "token", refreshForm(presented.text, intent, scope), model);
      const isServed = expected === "rotated" || expected === "replayed" || expected === "caught up";
      expect([answer.status, answer.reason], `S3: ${expected}`).toEqual([
        isServed ? 200 : 400,
        isServed ? undefined : expect.any(String),
      ]);
      if (!isServed && expected !== "theft") expect(await row(real), "S5").toEqual(before);
      if (!isServed) return;
      expect(model.grant.head, "S1: one successor").toBe(presented.generation + 1);
      if (!isLost) keep(real, model, answer.body as Pair, scope);
    },
  );

const refreshForm = (token: string, intent: string | undefined, scope: string | undefined): Record<string, string> => ({
  grant_type: "refresh_token",
  refresh_token: token,
  ...(intent === undefined ? {} : { refresh_intent: intent }),
  ...(scope === undefined ? {} : { scope }),
});

/** The store or the process fails at the nth call; the answer is an error, never a decision about the token (S8). */
export const crashWhileRefreshing = (back: number, fault: NextFault): GrantCommand =>
  command(`refresh(${back}), the store fails ${fault.when} its call ${fault.nth}`, async (model, real) => {
    const presented = newest(real.refreshTokens, back);
    if (presented === undefined) return;
    const before = await row(real);
    const { result, struck } = await real.server.withFault(fault, () =>
      send(real, "token", refreshForm(presented.text, undefined, undefined), model),
    );
    const after = await row(real);
    if (!struck || after.version !== before.version)
      model.grant.refresh(presented.generation, undefined, true, real.server.clock.now());
    if (struck) expect(result.status, "S8").toBe(503);
    if (struck && fault.when === "before") expect(after, "S5").toEqual(before);
    if (result.status === 200) keep(real, model, result.body as Pair, undefined);
  });

export const use = (back: number): GrantCommand =>
  command(`use(${back})`, async (model, real) => {
    const token = newest(real.accessTokens, back);
    if (token === undefined || isNarrowingUnsure(token, model)) return;
    const isGood =
      model.grant.use(token.generation, token.issuedAt, real.server.clock.now()) && !model.dead.has(token.text);
    const { body } = await real.server.send("introspect", { token: token.text }, "rs_any");
    expect(body, "S4, S6").toMatchObject(isGood ? { active: true, scope: token.scope } : { active: false });
  });

/** A restored backup may not know a narrowing that is younger than it is. */
const isNarrowingUnsure = ({ variant }: Issued, { wasRestored }: Sketch): boolean => wasRestored && variant > 0;

export const revokeAccess = (back: number): GrantCommand =>
  command(`revoke access(${back})`, async (model, real) => {
    const token = newest(real.accessTokens, back);
    if (token === undefined || isNarrowingUnsure(token, model)) return;
    expect((await send(real, "revoke", { token: token.text }, model)).status).toBe(200);
    model.grant.use(token.generation, token.issuedAt, real.server.clock.now());
    model.dead.add(token.text);
    expect((await real.server.send("introspect", { token: token.text }, "rs_any")).body, "S4").toEqual({
      active: false,
    });
  });

export const revokeRefresh = (back: number): GrantCommand =>
  command(`revoke refresh(${back})`, async (model, real) => {
    const token = newest(real.refreshTokens, back);
    if (token === undefined) return;
    expect((await send(real, "revoke", { token: token.text }, model)).status).toBe(200);
    model.grant.revoke();
    for (const { text } of real.accessTokens) {
      expect(
        (await real.server.send("introspect", { token: text }, "rs_any")).body as IntrospectionResponse,
        "S4",
      ).toEqual({ active: false });
    }
  });

export const wait = (seconds: number): GrantCommand =>
  command(`wait ${seconds} s`, async (_model, real) => real.server.clock.advanceSeconds(seconds));

/** Sets the wall clock. */
export const setClock = (seconds: number): GrantCommand =>
  command(`set the clock by ${seconds} s`, async (_model, real) => real.server.clock.stepWallSeconds(seconds));

export const backUp = (): GrantCommand =>
  command("back up", async (model, real) => {
    real.backup = await real.server.backUp();
    model.saved = { grant: model.grant.copy(), dead: new Set(model.dead) };
  });

export const restore = (): GrantCommand =>
  command("restore", async (model, real) => {
    if (real.backup === undefined || model.saved === undefined) return;
    await real.server.restore(real.backup);
    // a secret older than the backup is set once more
    await real.server.setSecrets(model.preset, real.secrets.slice(0, 1));
    model.grant = model.saved.grant.copy();
    model.dead = new Set(model.saved.dead);
    model.wasRestored = true;
  });

/** The first secret goes on working beside the second until it is retired. */
export const rotateSecret = (): GrantCommand =>
  command("rotate the secret", async (model, real) => {
    const [old] = real.secrets;
    real.secrets = [`sym_cs_secret-number-${real.secrets.length + 1}`, ...real.secrets];
    await real.server.setSecrets(model.preset, real.secrets.slice(0, 2));
    const before = await row(real);
    for (const secret of [old!, real.secrets[0]!])
      expect((await real.server.send("introspect", { token: "x" }, appOf(model), secret)).status).toBe(200);
    await real.server.setSecrets(model.preset, real.secrets.slice(0, 1));
    const refused = await real.server.send(
      "token",
      refreshForm(newest(real.refreshTokens, 0)?.text ?? "x", undefined, undefined),
      appOf(model),
      old,
    );
    expect([refused.status, refused.error]).toEqual([401, "invalid_client"]);
    expect(await row(real), "S5").toEqual(before);
  });

export const rotateKey = (): GrantCommand => command("rotate the key", async (_model, real) => real.server.rotateKey());
