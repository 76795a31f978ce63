import { describe, expect, test } from "vitest";
import { Sealed } from "@symbolon/protocol";
import { presets, startFamily, type Family } from "../../test/token-family.ts";
import { watchedStore } from "../../test/watched-store.ts";
import { StoreUnavailable, type GrantStore } from "../store/contract.ts";

const down = () => new StoreUnavailable("the disk went away");

/** Runs the next change of a grant as the store does, and then does not say that it did. */
function loseNextCommit(family: Family): void {
  const { grants } = family.world.store;
  const change = grants.change.bind(grants);
  let isLost = false;
  const losing: GrantStore["change"] = async (id, decide) => {
    const answer = await change(id, decide);
    if (isLost) return answer;
    isLost = true;
    throw down();
  };
  Object.defineProperty(family.world.deps, "store", {
    value: { ...family.world.store, grants: { ...grants, change: losing } },
    writable: true,
  });
}

describe.each(presets)("S8, TK-04: unavailable storage, %s", (preset) => {
  test.each(["applications.find", "accounts.find", "grants.find", "grants.change"])(
    "%s: 503 with Retry-After, nothing consumed, nothing taken for theft",
    async (call) => {
      const watched = watchedStore();
      const family = await startFamily(preset, { store: watched.store });
      const before = await family.row();
      watched.faults.next = (made) => (made === call ? down() : undefined);
      const { answer, events } = await family.during(() => family.present(1));
      delete watched.faults.next;
      expect([answer.status, answer.json().error, events]).toEqual([
        503,
        "temporarily_unavailable",
        ["store.unavailable"],
      ]);
      expect(Number(answer.headers["retry-after"])).toBeGreaterThan(0);
      expect(await family.row()).toEqual(before);
      expect((await family.present(1)).status).toBe(200);
    },
  );

  test("a commit with an unknown outcome is 503; the retry with the same key gets its successor", async () => {
    const family = await startFamily(preset);
    loseNextCommit(family);
    const intent = { refresh_intent: "written-before-it-was-sent" };
    const { answer, events } = await family.during(() => family.present(1, intent));
    expect([answer.status, events]).toEqual([503, ["store.unavailable"]]);
    expect((await family.row()).generation).toBe(2);
    const retried = await family.during(() => family.present(1, intent));
    expect([retried.answer.status, retried.events]).toEqual([200, ["refresh.replayed"]]);
    expect(family.world.keyring.read("refresh", new Sealed(retried.answer.json().refresh_token))?.generation).toBe(2);
  });
});

describe("S8: an error of the program", () => {
  test("is 500 and does not tell why", async () => {
    const watched = watchedStore();
    const family = await startFamily("lazy", { store: watched.store });
    watched.faults.next = (made) => (made === "grants.change" ? new TypeError("secret cause") : undefined);
    const { answer, events } = await family.during(() => family.present(1));
    expect([answer.status, answer.json().error, events]).toEqual([500, "server_error", ["server.fault"]]);
    expect(answer.body).not.toContain("secret cause");
  });
});
