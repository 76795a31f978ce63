import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { Sealed } from "@symbolon/protocol";
import { argon2Hasher, copyString } from "@symbolon/server";
import { openSqliteStore } from "@symbolon/store-sqlite";
import { makeDataDirectory } from "../harness/data-directory.ts";
import { makeOwnWorld, tokensIn } from "../faults/own-world.ts";

/** Two requests that must not be distinguishable by their time. */
export type Pair = { name: string; one: () => Promise<unknown>; other: () => Promise<unknown>; isSlow?: boolean };

/** A server in this process on the real store, without a network, whose noise would hide a difference. */
export async function openLaboratory(): Promise<{ pairs: Pair[]; close(): Promise<void> }> {
  const data = makeDataDirectory();
  const store = openSqliteStore({ path: join(data.path, "symbolon.sqlite") });
  const world = await makeOwnWorld(
    (deps) => ({ ...deps, limiter: { take: () => 0, peek: () => 0 }, emit: () => {} }),
    store,
  );
  const random = (length: number) => new Uint8Array(randomBytes(length));
  const hasher = argon2Hasher(random, world.keyring);
  const account = {
    id: world.owner,
    passwordHash: await hasher.hash(world.owner, new Sealed("correct horse battery")),
  };
  const [live, revoked] = [
    tokensIn(await world.redeem(await world.offerCode())),
    tokensIn(await world.redeem(await world.offerCode())),
  ];
  await world.revoke(revoked.refresh_token);
  await world.introspect(live.access_token);
  // Flat strings: V8 takes longer for concatenated ones, and the difference would be the test's own.
  const changed = (token: string, at: number): string =>
    copyString(`${token.slice(0, at)}${token[at] === "A" ? "B" : "A"}${token.slice(at + 1)}`);
  const forged = (token: string): string => changed(token, token.length - 1);
  const otherGrant = (token: string): string => changed(token, 12);
  const [rightFirst, rightLast] = [changed(world.secret, 0), forged(world.secret)];
  return {
    async close() {
      await store.close();
      data.remove();
    },
    pairs: [
      {
        name: "token: unknown client, wrong secret",
        one: () => world.credentialsAs("app_nobody", rightLast),
        other: () => world.credentialsAs(world.client, rightLast),
      },
      {
        name: "token: secret wrong in its first byte, in its last",
        one: () => world.credentialsAs(world.client, rightFirst),
        other: () => world.credentialsAs(world.client, rightLast),
      },
      {
        name: "introspect: a token made up for another grant, one whose MAC is wrong in its last byte",
        one: () => world.introspect(otherGrant(live.access_token)),
        other: () => world.introspect(forged(live.access_token)),
      },
      {
        name: "refresh: a token made up for another grant, one whose MAC is wrong in its last byte",
        one: () => world.refresh(otherGrant(live.refresh_token)),
        other: () => world.refresh(forged(live.refresh_token)),
      },
      {
        name: "sign-in: unknown account, wrong password",
        one: () => hasher.verify(undefined, new Sealed("wrong"), { range: "192.0.2" }),
        other: () => hasher.verify(account, new Sealed("wrong"), { range: "192.0.2" }),
        isSlow: true,
      },
    ],
  };
}
