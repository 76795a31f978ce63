import type { MaybePromise } from "../maybe-promise.ts";

/** Which operation, and which attempt of it. */
export type HookContext = {
  /** Name of the provider's profile. */
  provider: string;
  /** Name of the function that was called. */
  operation: string;
  /** Counted from 1. */
  attempt: number;
};

/** A request that is about to be sent, with its secrets in the clear. Mask every string in `secrets` before you log. */
export type OutgoingRequest = {
  /** `GET` or `POST`. */
  readonly method: string;
  /** Where it goes. */
  readonly url: string;
  /** May be changed. */
  readonly headers: Headers;
  /** Form or JSON, with the secrets in the clear. */
  readonly body?: string;
  /** Every secret in it: mask them before you log. */
  readonly secrets: readonly string[];
};

/**
 * A response of any status. `durationMs` is the time since the attempt began. `body` may contain new tokens; `secrets`
 * lists only the secrets that were sent.
 */
export type IncomingResponse = {
  /** The HTTP status. */
  readonly status: number;
  /** As the provider sent them. */
  readonly headers: Headers;
  /** At most 1 MiB. May contain new tokens. */
  readonly body: string;
  /** Milliseconds since the attempt began. */
  readonly durationMs: number;
  /** The secrets that were sent. */
  readonly secrets: readonly string[];
};

/** Functions called around each attempt. What a hook throws is not caught: it reaches the caller of the operation. */
export type Hooks = {
  /** May change headers, to sign or to trace. Cannot change where the request goes. */
  beforeRequest?(request: OutgoingRequest, context: HookContext): MaybePromise<void>;
  /** Called with a response of any status. */
  afterResponse?(response: IncomingResponse, context: HookContext): MaybePromise<void>;
  /** Called where no response came. `error` is masked. */
  afterError?(error: Error, context: HookContext): MaybePromise<void>;
};
