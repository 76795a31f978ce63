import type { EpochSeconds } from "@symbolon/protocol";
import { tokenAnswer } from "../dialects/token-answer.ts";
import { findFault, type Fault, type ActiveFault, type Target } from "../faults/fault.ts";
import type { Application, ApplicationOptions } from "../provider/application.ts";
import { newCode } from "../provider/code.ts";
import type { Grant } from "../provider/grant.ts";
import { endGrant, issuePair, openGrant } from "../provider/issue.ts";
import { nowOf, type Provider } from "../provider/provider.ts";
import { addApplication, findApplication, findPerson } from "../provider/register.ts";
import { UnknownName } from "../provider/unknown-name.ts";
import type { LoggedRequest } from "./log.ts";
import { viewGrant, type GrantView } from "./views.ts";

export type ConsentOptions = {
  /** The client_id. */
  application?: string | undefined;
  /** Scopes, separated by spaces. Default: all that the application may request. */
  scope?: string | undefined;
  /** By id or name. */
  person?: string | undefined;
  /** A resource of the person, by id or name, such as a company. */
  resource?: string | undefined;
  /** Gusto: a legacy grant for all companies of the person, as before 2023-05. */
  legacy?: boolean | undefined;
};

export type CodeOptions = ConsentOptions & {
  /** The redirect URI of the authorization request, if it has one. */
  redirectUri?: string | undefined;
  /** The `state` of the authorization request. */
  state?: string | undefined;
  /** The PKCE challenge of the authorization request. */
  codeChallenge?: string | undefined;
  /** Default: `S256`. */
  codeChallengeMethod?: "S256" | "plain" | undefined;
};

/** The first token pair of a grant. `body` is the answer of the token endpoint. */
export type FirstTokens = {
  /** The id of the grant. */
  grant: string;
  /** The access token. */
  accessToken: string;
  /** The refresh token. */
  refreshToken: string;
  /** Lifetime of the access token. */
  expiresInSeconds: number;
  /** The granted scopes, separated by spaces. */
  scope: string;
  /** The whole body that the token endpoint answers. */
  body: Readonly<Record<string, unknown>>;
};

/** Controls an emulator from a test. Names default to the first application and the first person. */
export type Control = {
  /** Creates a grant with its first tokens, without a browser. */
  consent(options?: ConsentOptions): FirstTokens;
  /** Creates an authorization code for the application to redeem, without a browser. */
  code(options?: CodeOptions): string;
  /** Whether the consent page is shown from now on, or answers at once. */
  answerConsent(how: "ask" | "allow" | "deny"): void;
  /** The time of the emulator. */
  now(): EpochSeconds;
  /** Moves the clock forward and returns the new time. */
  advance(seconds: number): EpochSeconds;
  /** Adds a fault and returns its id. Of several that match a request, the earliest applies. */
  fault(fault: Fault): string;
  /** Ends one fault. False if there is none with this id. */
  removeFault(id: string): boolean;
  /** Ends every fault. */
  clearFaults(): void;
  /** The active faults, with how many requests they matched. */
  faults(): readonly ActiveFault[];
  /** Registers an application. */
  application(options?: ApplicationOptions): Application;
  /** The registered applications. */
  applications(): readonly Application[];
  /** Refuses the application until `resume`. */
  suspend(application?: string): void;
  /** Ends `suspend`. */
  resume(application?: string): void;
  /** Replaces the client secret and returns the new one. The old one is invalid at once. */
  rotateSecret(application?: string): string;
  /** Revokes a grant as its person does on the provider's page. Without an id: every grant. */
  revoke(grant?: string): void;
  /** Narrows the scope of a grant. */
  narrow(grant: string, scope: string): void;
  /** Every grant with its latest token pairs. */
  grants(): GrantView[];
  /**
   * The logged requests, or those of one operation (`refresh_token`, `token`, ...). Only the latest 20,000 are kept.
   */
  requests(operation?: string): LoggedRequest[];
};

export type ControlState = { faults: ActiveFault[]; log: LoggedRequest[]; requests: number; offsetMs: number };

export function newControl(provider: Provider, state: ControlState): Control {
  const application = (name?: string): Application => findApplication(provider, name);
  let faultNumber = 0;
  const control: Control = {
    consent(options = {}) {
      const grant = openGrant(provider, {
        clientId: application(options.application).clientId,
        ...consentOf(provider, options),
      });
      if (options.legacy === true)
        Object.assign(grant, { resource: null, legacyResources: [...findPerson(provider, options.person).resources] });
      const pair = issuePair(provider, grant, { parent: null, withRefreshToken: true });
      const { body } = tokenAnswer(
        provider,
        { grant, pair },
        { method: "POST", path: "", query: "", headers: {}, body: "" },
      );
      return {
        grant: grant.id,
        accessToken: pair.accessToken,
        refreshToken: pair.refreshToken!,
        expiresInSeconds: pair.accessExpiresAt - pair.issuedAt,
        scope: grant.scope.join(" "),
        body: JSON.parse(body) as Record<string, unknown>,
      };
    },
    code(options = {}) {
      const { clientId } = application(options.application);
      const {
        redirectUri,
        state: echoed,
        codeChallenge: challenge,
        codeChallengeMethod: challengeMethod = "S256",
      } = options;
      return newCode(provider, {
        clientId,
        ...consentOf(provider, options),
        redirectUri,
        state: echoed,
        challenge,
        challengeMethod,
      }).value;
    },
    answerConsent: (how) => void (provider.consent = how),
    now: () => nowOf(provider),
    advance(seconds) {
      state.offsetMs += seconds * 1000;
      return nowOf(provider);
    },
    fault(fault) {
      const id = `fault_${++faultNumber}`;
      state.faults.push({ id, fault, matched: 0, struck: 0 });
      return id;
    },
    removeFault(id) {
      const at = state.faults.findIndex((one) => one.id === id);
      return at >= 0 && state.faults.splice(at, 1).length === 1;
    },
    clearFaults: () => void state.faults.splice(0),
    faults: () => state.faults,
    application: (options) => ({ ...addApplication(provider, options) }),
    applications: () => [...provider.applications.values()].map((one) => ({ ...one })),
    suspend: (name) => void (application(name).suspended = true),
    resume: (name) => void (application(name).suspended = false),
    rotateSecret(name) {
      const one = application(name);
      const label = `${one.clientId} secret after ${one.clientSecret ?? "none"}`;
      return (one.clientSecret = provider.profile.dialect.shapes.clientSecret(provider.seed, label));
    },
    revoke(id) {
      for (const grant of id === undefined ? provider.grants.values() : [findGrant(provider, id)])
        endGrant(provider, grant, "revoked_by_user");
    },
    narrow(id, scope) {
      const grant = findGrant(provider, id);
      grant.scope = grant.scope.filter((name) => scope.split(" ").includes(name));
    },
    grants: () => [...provider.grants.values()].map((grant) => viewGrant(provider, grant)),
    requests: (operation) =>
      operation === undefined
        ? state.log
        : state.log.filter((one) => one.operation === operation || one.endpoint === operation),
  };
  return control;
}

export const selectFault = (provider: Provider, state: ControlState, target: Target): Fault | undefined =>
  findFault(state.faults, target, provider.seed.fraction);

function consentOf(
  provider: Provider,
  options: ConsentOptions,
): Pick<Grant, "resource" | "scope"> & { person: { id: string; name: string } } {
  const { id, name, resources } = findPerson(provider, options.person);
  const resource =
    options.resource === undefined
      ? resources[0]
      : resources.find((one) => one.id === options.resource || one.name === options.resource);
  if (options.resource !== undefined && resource === undefined)
    throw new UnknownName(`${name} has no ${options.resource}`);
  const scope =
    options.scope?.split(" ").filter(Boolean) ??
    findApplication(provider, options.application).scope ??
    provider.profile.dialect.scopes;
  return { person: { id, name }, resource: resource ?? null, scope };
}

function findGrant(provider: Provider, id: string): Grant {
  const grant = provider.grants.get(id);
  if (grant === undefined) throw new UnknownName(`there is no grant ${id}`);
  return grant;
}
