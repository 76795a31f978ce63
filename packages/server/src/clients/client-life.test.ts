import { seededRandom, removeRow } from "@symbolon/testing";
import type { ClientId } from "@symbolon/protocol";
import { describe, expect, test } from "vitest";
import { basic, makeWorld } from "../../test/world.ts";
import { post } from "../../test/flows.ts";
import type { ClientRegistration } from "./client-registration.ts";
import { deleteClient } from "./delete-client.ts";
import { newClientId, newClientSecret } from "./new-client-secret.ts";
import { registerClient } from "./register-client.ts";
import { rotateClientSecret } from "./rotate-secret.ts";

const registration: ClientRegistration = {
  name: "Acme Payroll",
  type: "confidential",
  authMethod: null,
  redirectUris: [],
  scope: ["read"],
  replay: { preset: "lazy" },
  accessTokenLifetimes: [],
};

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
type World = Awaited<ReturnType<typeof makeWorld>>;
const requestToken = async (world: World, id: string, secret: string): Promise<number> =>
  (await post(world, "/oauth/token", { grant_type: "client_credentials" }, { authorization: basic(id, secret) }))
    .status;

describe("registerClient", () => {
  test("stores a confidential client whose secret works and is stored as a hash only", async () => {
    const world = await makeWorld();
    const { client, secret } = await registerClient(registration, world.deps);
    expect(client.id).toMatch(/^app_[0-9abcdefghjkmnpqrstvwxyz]{16}$/);
    expect(secret?.reveal()).toMatch(/^sym_cs_[A-Za-z0-9_-]{43}$/);
    expect(await world.deps.store.applications.list()).toMatchObject([{ ...registration, id: client.id }]);
    expect(JSON.stringify(client)).not.toContain(secret!.reveal());
    expect(await requestToken(world, client.id, secret!.reveal())).toBe(200);
  });

  test("notes when the client and its secret were made, and that it is not suspended", async () => {
    const world = await makeWorld();
    const { client } = await registerClient(registration, world.deps);
    expect(client).toMatchObject({
      createdAt: world.now(),
      suspendedAt: null,
      secrets: [{ createdAt: world.now(), digest: expect.any(Uint8Array) }],
    });
  });

  test("gives a public client no secret", async () => {
    const { deps } = await makeWorld();
    const { client, secret } = await registerClient({ ...registration, type: "public", authMethod: "none" }, deps);
    expect([client.secrets, secret]).toEqual([[], undefined]);
  });

  test("makes ids of 80 random bits", () => {
    const random = seededRandom(1);
    const ids = Array.from({ length: 1000 }, () => newClientId("rs", random));
    expect(new Set(ids).size).toBe(1000);
    expect(ids.every((id) => /^rs_[0-9abcdefghjkmnpqrstvwxyz]{16}$/.test(id))).toBe(true);
  });
});

describe("newClientId and newClientSecret", () => {
  const counting = (length: number) => Uint8Array.from({ length }, (_, index) => index + 1);

  test("write the 80 bits of an id five at a time, the last bits first", () =>
    expect(newClientId("app", counting)).toBe("app_a82gg3r050160140"));

  test("write the 256 bits of a secret in base64url", async () => {
    const { deps } = await makeWorld();
    const { secret } = newClientSecret("app_one" as ClientId, { ...deps, random: counting });
    expect(secret.reveal()).toBe(`sym_cs_${Buffer.from(counting(32)).toString("base64url")}`);
  });
});

describe("CA-13: rotateClientSecret", () => {
  test("keeps the previous secret working, and never more than two", async () => {
    const world = await makeWorld();
    const first = await registerClient(registration, world.deps);
    const secrets = [first.secret!.reveal()];
    for (let rotation = 0; rotation < 2; rotation++) {
      const client = (await world.deps.store.applications.find(first.client.id))!;
      const rotated = await rotateClientSecret(client, { retireOld: false }, world.deps);
      expect(rotated).toMatchObject({ ok: true, value: { liveSecrets: 2 } });
      if (rotated.ok) secrets.push(rotated.value.secret.reveal());
    }
    const statuses = await Promise.all(secrets.map((secret) => requestToken(world, first.client.id, secret)));
    expect(statuses).toEqual([401, 200, 200]);
  });

  test("with retireOld leaves the new secret only", async () => {
    const world = await makeWorld();
    const { client, secret } = await registerClient(registration, world.deps);
    const rotated = await rotateClientSecret(client, { retireOld: true }, world.deps);
    expect(rotated).toMatchObject({ ok: true, value: { liveSecrets: 1 } });
    expect(await requestToken(world, client.id, secret!.reveal())).toBe(401);
  });

  test("keeps the registered method unless another is named, and puts the new secret first", async () => {
    const { deps } = await makeWorld();
    const { client } = await registerClient({ ...registration, authMethod: "client_secret_post" }, deps);
    const rotated = await rotateClientSecret(client, { retireOld: false }, deps);
    expect(rotated).toMatchObject({ ok: true, value: { authMethod: "client_secret_post" } });
    const stored = (await deps.store.applications.find(client.id))!;
    expect(stored.authMethod).toBe("client_secret_post");
    const digests = stored.secrets.map(({ digest }) => hex(digest));
    expect(digests[0]).not.toBe(hex(client.secrets[0]!.digest));
    expect(digests.slice(1)).toEqual([hex(client.secrets[0]!.digest)]);
  });

  test("binds the client to another method, and refuses an unknown one", async () => {
    const { deps } = await makeWorld();
    const { client } = await registerClient(registration, deps);
    const bound = await rotateClientSecret(client, { retireOld: false, authMethod: "client_secret_post" }, deps);
    expect(bound).toMatchObject({ ok: true, value: { authMethod: "client_secret_post" } });
    expect(await deps.store.applications.find(client.id)).toMatchObject({ authMethod: "client_secret_post" });
    const refused = await rotateClientSecret(client, { retireOld: false, authMethod: "none" }, deps);
    expect(refused).toMatchObject({ ok: false, problems: [{ field: "authMethod" }] });
    expect(await deps.store.applications.find(client.id)).toMatchObject({ authMethod: "client_secret_post" });
  });

  test("refuses a public client", async () => {
    const { deps } = await makeWorld();
    const { client } = await registerClient({ ...registration, type: "public", authMethod: "none" }, deps);
    const refused = await rotateClientSecret(client, { retireOld: true }, deps);
    expect(refused).toMatchObject({ ok: false, problems: [{ field: "type", value: client.id }] });
  });
});

describe("deleteClient", () => {
  test("revokes the grants, may be repeated, and answers undefined where there is nothing to delete", async () => {
    const world = await makeWorld();
    const { client, secret } = await registerClient(registration, world.deps);
    expect(await requestToken(world, client.id, secret!.reveal())).toBe(200);
    expect(await deleteClient(client.id, world.deps)).toEqual({ revokedGrants: 1 });
    const [grant] = await world.deps.store.grants.list({ application: client.id, limit: 10 });
    expect(grant).toMatchObject({ state: "revoked", revokedBecause: "application_deleted" });
    expect(await deleteClient(client.id, world.deps)).toBeUndefined();
  });

  test("answers also for a client without grants, and for grants whose client is gone, and leaves those of other clients alone", async () => {
    const world = await makeWorld();
    const { client, secret } = await registerClient(registration, world.deps);
    const other = await registerClient(registration, world.deps);
    expect(await deleteClient(other.client.id, world.deps)).toEqual({ revokedGrants: 0 });
    const standing = await registerClient(registration, world.deps);
    for (const one of [{ client, secret }, standing]) await requestToken(world, one.client.id, one.secret!.reveal());
    await removeRow(world.deps.store.applications, client.id);
    expect(await deleteClient(client.id, world.deps)).toEqual({ revokedGrants: 1 });
  });
});
