import type { GrantFacts } from "./books.ts";
import { basic, machineApplication, otherApplication, redirectUri, verifier, wrongVerifier } from "./registration.ts";
import type { SimulatedWorld } from "./simulated-world.ts";
import type { Call } from "./wire.ts";

/**
 * Has a copy of every token that was issued, and the credentials of the client, like an attacker who reads its disk.
 */
export async function runThief(world: SimulatedWorld): Promise<void> {
  const { dice, scheduler } = world;
  for (let act = 0; act < dice.between(1, 3); act++) {
    await scheduler.sleep(dice.between(0, 90_000));
    const grants = [...world.oracle.books.grants.values()];
    if (grants.length === 0) continue;
    const grant = dice.pick(grants);
    const call = theft(world, grant);
    if (call === undefined) continue;
    grant.disturbed ??= "theft";
    for (let times = dice.chance(0.4) ? 6 : 1; times > 0; times--) await world.send({ by: "thief", ...call });
  }
}

function theft({ dice, oracle }: SimulatedWorld, grant: GrantFacts): Omit<Call, "by"> | undefined {
  const newest = (kind: "refresh" | "access"): string | undefined => {
    const texts = oracle.books.tokensOf(grant, kind);
    return texts.at(-1 - (dice.chance(0.6) ? dice.between(0, 1) : dice.between(0, 4)));
  };
  const authorization = basic(grant.client);
  const [refreshToken, accessToken] = [newest("refresh"), newest("access")];
  const redeem = (code_verifier: string): Omit<Call, "by"> => ({
    endpoint: "token",
    form: { grant_type: "authorization_code", code: grant.code, code_verifier, redirect_uri: redirectUri },
    authorization,
  });
  const refresh = (more: Record<string, string>): Omit<Call, "by"> | undefined =>
    refreshToken === undefined
      ? undefined
      : {
          endpoint: "token",
          form: { grant_type: "refresh_token", refresh_token: refreshToken, ...more },
          authorization,
        };
  const use: Omit<Call, "by"> | undefined =
    accessToken === undefined
      ? undefined
      : { endpoint: "token_info", form: {}, authorization: `Bearer ${accessToken}` };
  return dice.pick([
    refresh({}),
    refresh({}),
    refresh({ refresh_intent: "thief-thief-thief-thief" }),
    use,
    redeem(verifier),
    redeem(wrongVerifier),
  ]);
}

/** Knows tokens but no client, or a client but no token: its requests must change nothing. */
export async function runOutsider(world: SimulatedWorld): Promise<void> {
  const { dice, scheduler, oracle } = world;
  for (let act = 0; act < 4; act++) {
    await scheduler.sleep(dice.between(0, 60_000));
    const known = [...oracle.books.tokens];
    const [text, facts] = known.length === 0 ? ["sym_rt_", undefined] : dice.pick(known);
    const garbage = dice.pick([
      text.slice(0, -1),
      `${text}A`,
      text.replace(/_.t_|_ac_/, (kind) => (kind === "_rt_" ? "_at_" : "_rt_")),
      text.slice(0, 7) + Buffer.from(dice.bytes(48)).toString("base64url"),
    ]);
    const authorization = dice.pick([basic(otherApplication), basic(facts?.client ?? machineApplication, "wrong")]);
    await world.send({
      by: "outsider",
      ...dice.pick<Omit<Call, "by">>([
        { endpoint: "token", form: { grant_type: "refresh_token", refresh_token: text }, authorization },
        {
          endpoint: "token",
          form: { grant_type: "authorization_code", code: text, code_verifier: verifier },
          authorization,
        },
        { endpoint: "revoke", form: { token: text }, authorization },
        { endpoint: "introspect", form: { token: text }, authorization: basic(otherApplication) },
        {
          endpoint: "token",
          form: { grant_type: "refresh_token", refresh_token: garbage },
          authorization: basic(facts?.client ?? otherApplication),
        },
        { endpoint: "introspect", form: { token: garbage }, authorization: basic("rs_any") },
        { endpoint: "revoke", form: { token: garbage }, authorization: basic(otherApplication) },
        { endpoint: "token_info", form: {}, authorization: `Bearer ${garbage}` },
        {
          endpoint: "token",
          form: { grant_type: "password", username: "a", password: "b" },
          authorization: basic(otherApplication),
        },
      ]),
    });
  }
}
