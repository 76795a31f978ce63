import { timingSafeEqual } from "node:crypto";
import {
  isClientId,
  ok,
  readClientAuthentication,
  refuse,
  type ClientId,
  type ClientSecret,
  type PresentedClient,
  type Reason,
  type Refusal,
  type Result,
} from "@symbolon/protocol";
import type { Application, ResourceServer, SecretSlot } from "../applications/application.ts";
import type { Deps } from "../deps.ts";
import { emitRefusal } from "../emit-refusal.ts";
import type { Keyring } from "../keyring/keyring.ts";
import type { FormRequest } from "../request.ts";
import { secretDigest } from "./secret-slot.ts";

type AuthenticationDeps = Pick<Deps, "store" | "keyring" | "limiter" | "emit">;

/**
 * Authenticates the application, by the method that it is registered with. Refuses with `invalid_client`; only a client
 * that sent the right secret learns more (docs/decisions/0058-either-place-for-the-secret.md).
 * @see RFC 6749 §2.3, §3.2.1
 */
export async function authenticateApplication(
  request: FormRequest,
  deps: AuthenticationDeps,
): Promise<Result<Application>> {
  const presented = readPresented(request, deps);
  return presented.ok ? await proveApplication(presented.value, request, deps) : presented;
}

/** The credentials in the request, unverified. */
export function readPresented(request: FormRequest, deps: Pick<Deps, "limiter" | "emit">): Result<PresentedClient> {
  const presented = readClientAuthentication(request.authorization, request.form);
  if (!presented.ok) return countFailure(presented, request, undefined, deps);
  // Before the id is looked up, kept or counted (HT-15).
  return isClientId(presented.value.clientId)
    ? presented
    : countFailure(refuse("client_unknown"), request, undefined, deps);
}

export async function proveApplication(
  presented: PresentedClient,
  request: FormRequest,
  deps: AuthenticationDeps,
): Promise<Result<Application>> {
  const { clientId } = presented;
  const application = await deps.store.applications.find(clientId);
  const isRight = isSecretRight(application?.secrets ?? decoySecrets, presented, deps.keyring);
  if (application === undefined) return countFailure(refuse("client_unknown"), request, clientId, deps);
  if (!isRight) return countFailure(refuse("client_secret_wrong"), request, clientId, deps);
  if (presented.method === "none" && application.authMethod !== "none")
    return countFailure(refuse("client_secret_missing"), request, clientId, deps);
  const mismatch = methodMismatch(application, presented);
  if (mismatch !== undefined) return emitAuthFailed(refuse(mismatch), request, clientId, deps);
  if (application.suspendedAt !== null) return countFailure(refuse("client_suspended"), request, clientId, deps);
  return ok(application);
}

/** Authenticates a resource server, by Basic or in the body. */
export async function proveResourceServer(
  presented: PresentedClient,
  request: FormRequest,
  deps: AuthenticationDeps,
): Promise<Result<ResourceServer>> {
  const { clientId, method } = presented;
  const resourceServer = await deps.store.resourceServers.find(clientId);
  const isRight = isSecretRight(resourceServer?.secrets ?? decoySecrets, presented, deps.keyring);
  if (resourceServer === undefined) return countFailure(refuse("client_unknown"), request, clientId, deps);
  if (method === "none" || !isRight) return countFailure(refuse("client_secret_wrong"), request, clientId, deps);
  return ok(resourceServer);
}

/** Whether the right secret came by another method than the registered one; without a registered one both will do. */
function methodMismatch({ authMethod }: Application, presented: PresentedClient): Reason | undefined {
  if (authMethod === "client_secret_basic" && presented.method === "client_secret_post")
    return "client_registered_for_basic";
  if (authMethod === "client_secret_post" && presented.method === "client_secret_basic" && !presented.isInBodyToo)
    return "client_registered_for_post";
  return undefined;
}

/** Compared with the secret of an unknown client, so that the time does not tell which clients exist (CA-12, OP-06). */
const decoySecrets: readonly SecretSlot[] = [{ digest: new Uint8Array(32), createdAt: 0 }];

/** A public client has no secret to compare; its registered method is checked next. */
function isSecretRight(slots: readonly SecretSlot[], presented: PresentedClient, keyring: Keyring): boolean {
  if (presented.method === "none") return true;
  return matchesASlot(slots, presented.clientId, presented.secret, keyring);
}

/** Compares with every slot, in constant time. */
function matchesASlot(
  slots: readonly SecretSlot[],
  clientId: ClientId,
  secret: ClientSecret,
  keyring: Keyring,
): boolean {
  const digest = secretDigest(keyring, clientId, secret);
  let matches = false;
  for (const slot of slots) if (timingSafeEqual(digest, slot.digest)) matches = true;
  return matches;
}

/** Failures are counted per client and network, so that those of one network do not make another wait. */
const failureKey = (clientId: ClientId, request: FormRequest): string => `${clientId}\0${request.network}`;

/**
 * Counts a failure; refuses with `client_too_fast` if there were too many. Only failures wait: a client_id is public,
 * so other people's guesses must not keep out the client that sends the right secret
 * (docs/decisions/0048-a-right-secret-always-passes.md).
 */
function countFailure(
  refusal: Refusal,
  request: FormRequest,
  clientId: ClientId | undefined,
  deps: Pick<Deps, "limiter" | "emit">,
): Refusal {
  const wait = clientId === undefined ? 0 : deps.limiter.take("client_failures", failureKey(clientId, request));
  if (wait === 0) return emitAuthFailed(refusal, request, clientId, deps);
  return emitAuthFailed({ ...refuse("client_too_fast"), retryAfterSeconds: wait }, request, clientId, deps);
}

const emitAuthFailed = (
  refusal: Refusal,
  { endpoint, network }: FormRequest,
  clientId: ClientId | undefined,
  deps: Pick<Deps, "emit">,
): Refusal =>
  emitRefusal(
    refusal,
    {
      name: "client.auth_failed",
      endpoint,
      network,
      ...(clientId === undefined ? {} : { client: clientId.slice(0, 64) }),
    },
    deps,
  );
