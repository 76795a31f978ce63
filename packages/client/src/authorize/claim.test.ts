import { describe, expect, test } from "vitest";
import { makeWorld } from "../../test/world.ts";
import { platformWorld } from "../edge.ts";
import { createClient } from "../client.ts";
import { symbolon } from "../profiles/symbolon.ts";
import { claimInMemory, processWideClaim } from "./claim.ts";
import { newTransactionKey } from "./transaction.ts";
import {
  provider,
  useProviders,
  transactionKey,
  redirectUri,
  tokens,
  callbackFor,
} from "../../test/authorize-fixture.ts";

useProviders();

describe("the client's own memory of callbacks", () => {
  test("uses the key and the claim that createClient got", async () => {
    provider.reply({ body: tokens });
    const client = createClient(symbolon, {
      baseUrl: provider.url,
      clientId: "cid",
      clientSecret: "sec",
      transactionKey,
    });
    const sent = await client.beginAuthorization({ redirectUri });
    const request = { callback: callbackFor(sent), transaction: sent.transaction };
    expect((await client.finishAuthorization(request)).accessToken.reveal()).toBe("AT");
    await expect(client.finishAuthorization(request)).rejects.toMatchObject({ code: "callback_refused" });
  });
  test("clients created for each request share one memory, so a reloaded page uses nothing twice", async () => {
    provider.reply({ body: tokens });
    const make = () =>
      createClient(symbolon, { baseUrl: provider.url, clientId: "cid", clientSecret: "sec", transactionKey });
    const sent = await make().beginAuthorization({ redirectUri });
    const request = { callback: callbackFor(sent), transaction: sent.transaction };
    await make().finishAuthorization(request);
    await expect(make().finishAuthorization(request)).rejects.toMatchObject({
      code: "callback_refused",
      field: "transaction",
      outcome: "not_processed",
    });
    expect(provider.received).toHaveLength(1);
    const own = createClient(symbolon, { ...make().application, transactionKey, claim: () => true });
    await own.finishAuthorization(request);
    expect(provider.received).toHaveLength(2);
  });
  test("each world has its own memory", () => {
    const [one, other] = [makeWorld(), makeWorld()];
    expect(processWideClaim(one)).toBe(processWideClaim(one));
    expect([
      processWideClaim(one)("a", one.epochMs()),
      processWideClaim(one)("a", one.epochMs()),
      processWideClaim(other)("a", other.epochMs()),
    ]).toEqual([true, false, true]);
  });
  test("claimInMemory forgets an id after its time", () => {
    const world = makeWorld();
    const claim = claimInMemory(world);
    expect([claim("a", world.epochMs() + 10), claim("a", world.epochMs() + 10)]).toEqual([true, false]);
    world.advance(11);
    expect(claim("a", world.epochMs() + 10)).toBe(true);
  });
  test("newTransactionKey makes keys of 32 bytes", () =>
    expect(Buffer.from(newTransactionKey(platformWorld), "base64url")).toHaveLength(32));
});
