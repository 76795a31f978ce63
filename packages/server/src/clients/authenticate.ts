import { timingSafeEqual } from "node:crypto";
import {
  ok,
  readClientAuthentication,
  refuse,
  type ClientId,
  type ClientSecret,
  type PresentedClient,
  type Result,
} from "@symbolon/protocol";
import type { Application, ResourceServer, SecretSlot } from "../applications/application.ts";
import type { Deps } from "../deps.ts";
import type { FormRequest } from "../request.ts";
import { secretDigest } from "./secret-slot.ts";

/**
 * Authenticates the application: by one method, the one that it is bound to. Refuses with `invalid_client` and does not
 * tell whether the client exists. @see RFC 6749 §2.3, §3.2.1
 */
export async function authenticateApplication(request: FormRequest, deps: Deps): Promise<Result<Application>> {
  const presented = readPresented(request, deps);
  return presented.ok ? await proveApplication(presented.value, request, deps) : presented;
}

/** The credentials in the request, unverified. */
export function readPresented(request: FormRequest, deps: Deps): Result<PresentedClient> {
  const presented = readClientAuthentication(request.authorization, request.form);
  return presented.ok ? presented : failed(presented, request, undefined, deps);
}

export async function proveApplication(
  presented: PresentedClient,
  request: FormRequest,
  deps: Deps,
): Promise<Result<Application>> {
  const { clientId, method } = presented;
  const wait = deps.limiter.peek("client_failures", failureKey(clientId, request));
  if (wait > 0)
    return emitAuthFailed({ ...refuse("client_too_fast"), retryAfterSeconds: wait }, request, clientId, deps);

  const application = await deps.store.applications.find(clientId);
  const isRight = isSecretRight(application?.secrets ?? decoySecrets, presented, deps);
  if (application === undefined) return failed(refuse("client_unknown"), request, clientId, deps);
  if (!isRight) return failed(refuse("client_secret_wrong"), request, clientId, deps);
  const allowed = application.authMethod ?? (await bindMethod(application, method, deps));
  if (allowed !== method) return failed(refuse("client_method_mismatch"), request, clientId, deps);
  if (application.suspendedAt !== null) return failed(refuse("client_suspended"), request, clientId, deps);
  return ok(application);
}

/** Authenticates a resource server, by Basic or in the body. */
export async function proveResourceServer(
  presented: PresentedClient,
  request: FormRequest,
  deps: Deps,
): Promise<Result<ResourceServer>> {
  const { clientId, method } = presented;
  const wait = deps.limiter.peek("client_failures", failureKey(clientId, request));
  if (wait > 0)
    return emitAuthFailed({ ...refuse("client_too_fast"), retryAfterSeconds: wait }, request, clientId, deps);

  const resourceServer = await deps.store.resourceServers.find(clientId);
  const isRight = isSecretRight(resourceServer?.secrets ?? decoySecrets, presented, deps);
  if (resourceServer === undefined) return failed(refuse("client_unknown"), request, clientId, deps);
  if (method === "none" || !isRight) return failed(refuse("client_secret_wrong"), request, clientId, deps);
  return ok(resourceServer);
}

/**
 * The first method that succeeds is bound to the application; the other is refused from then on
 * (docs/decisions/0005-auth-method-bound-by-first-use.md). A confidential application is never bound to `none`.
 */
async function bindMethod(
  application: Application,
  method: PresentedClient["method"],
  deps: Deps,
): Promise<Application["authMethod"]> {
  if (method === "none") return null;
  const bound = await deps.store.applications.bindAuthMethod(application.id, method);
  if (bound === method) deps.emit({ name: "client.auth_method_bound", client: application.id, method });
  return bound;
}

/** Compared with the secret of an unknown client, so that the time does not tell which clients exist (CA-12, OP-06). */
const decoySecrets: readonly SecretSlot[] = [{ digest: new Uint8Array(32), createdAt: 0 }];

/** A public client has no secret to compare; its registered method is checked next. */
function isSecretRight(slots: readonly SecretSlot[], presented: PresentedClient, deps: Deps): boolean {
  if (presented.method === "none") return true;
  return matchesASlot(slots, presented.clientId, presented.secret, deps);
}

/** Compares with every slot, in constant time. */
function matchesASlot(slots: readonly SecretSlot[], clientId: ClientId, secret: ClientSecret, deps: Deps): boolean {
  const digest = secretDigest(deps.keyring, clientId, secret);
  let matches = false;
  for (const slot of slots) if (timingSafeEqual(digest, slot.digest)) matches = true;
  return matches;
}

/** Failures are counted per client and network, so that guesses from elsewhere do not lock the client out. */
const failureKey = (clientId: ClientId, request: FormRequest): string => `${clientId}\0${request.network}`;

function failed<T>(
  refusal: Result<T> & { ok: false },
  request: FormRequest,
  clientId: ClientId | undefined,
  deps: Deps,
): Result<T> {
  if (clientId !== undefined) deps.limiter.take("client_failures", failureKey(clientId, request));
  return emitAuthFailed(refusal, request, clientId, deps);
}

function emitAuthFailed<T>(
  refusal: Result<T> & { ok: false },
  request: FormRequest,
  clientId: ClientId | undefined,
  deps: Deps,
): Result<T> {
  deps.emit({
    name: "client.auth_failed",
    reason: refusal.reason,
    endpoint: request.endpoint,
    ...(clientId === undefined ? {} : { client: clientId.slice(0, 64) }),
  });
  return refusal;
}
