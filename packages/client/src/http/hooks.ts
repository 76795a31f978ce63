import type { MaybePromise } from "../maybe-promise.ts";

/** Which operation, and which attempt of it, counted from 1. */
export type HookContext = { provider: string; operation: string; attempt: number };

/** A request that is about to be sent, with its secrets in the clear. Mask every string in `secrets` before you log. */
export type OutgoingRequest = Readonly<{
  method: string;
  url: string;
  headers: Headers;
  body?: string;
  secrets: readonly string[];
}>;

/**
 * A response of any status. `durationMs` is the time since the attempt began. `body` may contain new tokens; `secrets`
 * lists only the secrets that were sent.
 */
export type IncomingResponse = Readonly<{
  status: number;
  headers: Headers;
  body: string;
  durationMs: number;
  secrets: readonly string[];
}>;

/** Functions called around each attempt. What a hook throws is not caught: it reaches the caller of the operation. */
export type Hooks = {
  /** May change headers, to sign or to trace. Cannot change where the request goes. */
  beforeRequest?(request: OutgoingRequest, context: HookContext): MaybePromise<void>;
  /** Called with a response of any status. */
  afterResponse?(response: IncomingResponse, context: HookContext): MaybePromise<void>;
  /** Called where no response came. `error` is masked. */
  afterError?(error: Error, context: HookContext): MaybePromise<void>;
};
