import { Sealed } from "@symbolon/protocol";
import { allow, StoreUnavailable, type Application, type Session } from "@symbolon/server";
import { exampleSession } from "../examples.ts";
import { GrantModel } from "./grant-model.ts";
import type { GrantFacts } from "./books.ts";
import type { ClientPlan } from "./plan.ts";
import {
  absoluteSeconds,
  accessSeconds,
  account,
  applicationOf,
  challenge,
  codeSeconds,
  consentScope,
  idleSeconds,
  keyring,
  redirectUri,
} from "./registration.ts";
import type { SimulatedWorld } from "./simulated-world.ts";

const session: Session = exampleSession();

/**
 * A user consents, through the `allow` of the server. Returns the new grant with its code, or `undefined` if a fault
 * came between.
 */
export async function allowAccess(
  world: SimulatedWorld,
  { preset, audiences, processes, sendsIntent }: ClientPlan,
): Promise<GrantFacts | undefined> {
  const node = world.nodes.find(({ isUp }) => isUp);
  if (node === undefined) return undefined;
  const client = applicationOf(preset);
  const application: Application = (await world.store.applications.find(client))!;
  const transaction = {
    client,
    redirectUri,
    state: `request ${++world.oracle.books.requests}`,
    scope: consentScope,
    audiences,
    challenge,
    prompt: [],
    maxAgeSeconds: null,
    loginHint: "",
    resourceHint: "",
    uiLocales: [],
    acrValues: [],
    startedAt: node.now(),
    signedInBy: null,
  };
  const visit = world.oracle.begin({ by: "person", endpoint: "token", form: {}, authorization: "" }, 0);
  const granted = allow(
    transaction,
    application,
    { owner: account.id, name: account.email, resources: account.resources, session },
    null,
    node.depsFor(visit),
  ).catch((error: unknown) => {
    if (error instanceof StoreUnavailable) return undefined;
    throw error;
  });
  const screen = await Promise.race([granted, world.scheduler.sleep(5000)]);
  if (screen?.show !== "redirect") return undefined;

  const code = /[?&]code=([^&#]+)/.exec(screen.location)![1]!;
  const pointer = keyring.read("code", new Sealed(code))!;
  const lives = {
    code: codeSeconds,
    access: accessSeconds,
    idle: idleSeconds,
    endsAt: pointer.issuedAt + absoluteSeconds,
  };
  const offered = (): GrantModel => new GrantModel(preset, pointer.issuedAt, lives);
  const grant: GrantFacts = {
    id: pointer.grantId,
    client,
    scope: consentScope,
    audiences,
    code,
    offered,
    model: offered(),
    redemptions: 0,
    successors: new Map(),
    rotatedBy: undefined,
    isRevocationAcknowledged: false,
    isSignedOut: false,
    disturbed:
      processes === "two without" && (preset === "strict" || sendsIntent)
        ? "processes that do not coordinate, and a key or no window"
        : undefined,
    hasStrays: processes === "two without",
    isLost: false,
  };
  const { books } = world.oracle;
  books.grants.set(grant.id, grant);
  books.tokens.set(code, {
    kind: "code",
    grant,
    client,
    generation: 0,
    variant: 0,
    issuedAt: pointer.issuedAt,
    expiresAt: pointer.issuedAt + codeSeconds,
    scope: consentScope,
    audiences,
    isDead: false,
    wasInactive: false,
    era: books.era,
  });
  return grant;
}
