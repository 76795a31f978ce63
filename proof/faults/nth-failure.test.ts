import { describe, expect, test } from "vitest";
import { Sealed } from "@symbolon/protocol";
import { StoreUnavailable, type Deps } from "@symbolon/server";
import { checkHistory } from "../crashes/check-history.ts";
import { History, type Ask, type Outcome } from "../crashes/history.ts";
import { generationOf } from "../harness/registration.ts";
import { makeOwnWorld, type OwnWorld, type Reply } from "./own-world.ts";

/** Fails the `nth` call to any dependency, before or after it takes effect. Counts on past that. */
class Saboteur {
  calls = 0;
  readonly #nth: number;
  readonly #when: "before" | "after";
  readonly #error: () => Error;

  constructor(nth: number, when: "before" | "after", error: () => Error) {
    this.#nth = nth;
    this.#when = when;
    this.#error = error;
  }

  /** Every function of `part`, however deep. */
  spoil<T extends object>(part: T): T {
    return new Proxy(part, {
      get: (target, member) => {
        const value: unknown = Reflect.get(target, member);
        if (typeof value === "object" && value !== null) return this.spoil(value);
        if (typeof value !== "function") return value;
        return (...given: unknown[]) => this.#call(() => Reflect.apply(value, target, given) as unknown);
      },
    });
  }

  #call(perform: () => unknown): unknown {
    if (++this.calls !== this.#nth) return perform();
    if (this.#when === "before") throw this.#error();
    const done = perform();
    if (done instanceof Promise) return done.then(() => Promise.reject(this.#error()));
    throw this.#error();
  }
}

/** The requests of a grant from its code to its revocation; each is sent up to three times until it is answered. */
async function live(world: OwnWorld): Promise<{ history: History; faults: number }> {
  const history = new History();
  const code = await world.offerCode();
  const { grantId } = world.keyring.read("code", new Sealed(code))!;
  let faults = 0;
  const ask = async (
    asked: Ask,
    send: () => Promise<Reply>,
    read: (reply: Reply) => Outcome,
  ): Promise<Reply | undefined> => {
    for (let attempt = 0; attempt < 3; attempt++) {
      let reply: Reply | undefined;
      const outcome = await history.note(grantId, asked, async () => {
        reply = await send();
        if (reply.status === 500 || reply.status === 503) return { is: "unknown" };
        return reply.status === 400 && reply.json["error"] === "invalid_grant" ? { is: "refused" } : read(reply);
      });
      if (outcome.is !== "unknown") return reply;
      faults++;
    }
    throw new Error("Three times in a row nothing but faults.");
  };
  const tokens = ({ json }: Reply): Outcome => ({
    is: "tokens",
    generation: generationOf(String(json["refresh_token"])),
    refreshToken: String(json["refresh_token"]),
  });
  const verdict = ({ json }: Reply): Outcome => ({ is: "verdict", active: json["active"] === true });
  const done = ({ status }: Reply): Outcome => (status === 200 ? { is: "done" } : { is: "refused" });

  let reply = await ask({ kind: "redeem" }, () => world.redeem(code), tokens);
  for (let generation = 1; generation <= 2 && reply?.status === 200; generation++) {
    const { access_token: access, refresh_token: refresh } = reply.json;
    await ask({ kind: "introspect", generation }, () => world.introspect(String(access)), verdict);
    reply = await ask({ kind: "refresh", generation }, () => world.refresh(String(refresh)), tokens);
  }
  if (reply?.status === 200) {
    const { access_token: access, refresh_token: refresh } = reply.json;
    await ask({ kind: "revoke" }, () => world.revoke(String(refresh)), done);
    await ask({ kind: "introspect", generation: 3 }, () => world.introspect(String(access)), verdict);
    await ask({ kind: "refresh", generation: 3 }, () => world.refresh(String(refresh)), tokens);
  }
  expect(
    (await world.credentials().then(async (first) => (first.status === 200 ? first : await world.credentials())))
      .status,
  ).toBe(200);
  expect(await world.health()).toBe(200);
  return { history, faults };
}

const parts = ["store", "limiter", "emit", "random", "clock"] as const;
type Part = (typeof parts)[number];

function spoiled(deps: Deps, part: Part, saboteur: Saboteur): Deps {
  if (part === "emit" || part === "random") return { ...deps, ...saboteur.spoil({ [part]: deps[part] }) } as Deps;
  return { ...deps, [part]: saboteur.spoil(deps[part]) };
}

const failures: [string, () => Error][] = [
  ["is unavailable", () => new StoreUnavailable("down")],
  ["breaks", () => new TypeError("cannot read properties of undefined")],
];

describe.each(failures)("R-30, I9, I10: a dependency %s", (_, error) => {
  describe.each(parts)("the %s", (part) => {
    test.each(["before", "after"] as const)(
      "at the 1st, 2nd, 3rd … call, %s it takes effect: that request fails, the next succeeds, I1 to I6 hold",
      async (when) => {
        for (let nth = 1; ; nth++) {
          const saboteur = new Saboteur(nth, when, error);
          const world = await makeOwnWorld((deps) => spoiled(deps, part, saboteur));
          const { history, faults } = await live(world);
          for (const grant of history.grants()) expect(checkHistory(history.stepsOf(grant)), `call ${nth}`).toEqual([]);
          if (saboteur.calls < nth) {
            expect(faults).toBe(0);
            expect(nth).toBeGreaterThan(1);
            return;
          }
          expect(nth).toBeLessThan(500);
        }
      },
    );
  });
});
