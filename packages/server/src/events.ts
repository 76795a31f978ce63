import type { AccountId, ClientId, GrantId, Owner, Reason } from "@symbolon/protocol";
import type { RevocationReason } from "./grants/grant.ts";

export type SignInFailure = "wrong_credentials" | "account_too_fast" | "sign_in_busy" | "suspended";

/** Events for logs, alerts and metrics (refresh-tokens.md A7). No member holds a credential. */
export type ServerEvent =
  | { name: "authorize.refused"; reason: Reason; client?: string; parameter?: string }
  | { name: "authorize.granted"; client: ClientId; grant: GrantId; account: Owner }
  /** `account` is absent if the user went back from the sign-in page. */
  | { name: "authorize.denied"; client: ClientId; account?: Owner }
  | { name: "account.signed_in"; account: Owner }
  /** `account` is absent where none has the address; the address is not logged, since people type passwords there. */
  | { name: "account.sign_in_failed"; reason: SignInFailure; account?: AccountId; network: string }
  | { name: "client.auth_failed"; reason: Reason; client?: string; endpoint: string; network: string }
  | { name: "code.redeemed"; client: ClientId; grant: GrantId }
  | { name: "code.refused"; reason: Reason; client: ClientId; grant?: GrantId }
  | { name: "refresh.rotated"; client: ClientId; grant: GrantId; generation: number }
  | { name: "refresh.replayed"; client: ClientId; grant: GrantId; generation: number; replays: number }
  | { name: "refresh.delivered"; grant: GrantId; generation: number }
  /** Emitted by the next refresh if the window ended by time, since no code runs at that moment. */
  | { name: "refresh.window_closed"; grant: GrantId; generation: number; delivered: boolean }
  | { name: "refresh.late_retry"; client: ClientId; grant: GrantId; generation: number }
  | { name: "refresh.binding_mismatch"; client: ClientId; grant: GrantId }
  | {
      name: "refresh.reuse_detected";
      client: ClientId;
      grant: GrantId;
      presented: number;
      head: number;
      delivered: boolean;
    }
  | { name: "refresh.refused"; reason: Reason; client: ClientId; grant?: GrantId }
  | { name: "grant.caught_up"; grant: GrantId; from: number; to: number }
  | { name: "grant.revoked"; grant: GrantId; because: RevocationReason }
  | { name: "grant.expired"; grant: GrantId }
  | { name: "token.issued"; client: ClientId; grant: GrantId; grantType: "client_credentials" }
  | { name: "token.revoked"; client: ClientId; grant: GrantId }
  | { name: "token.refused"; reason: Reason; client?: ClientId }
  | { name: "management.refused"; reason: Reason; client: ClientId }
  | { name: "introspect.refused"; reason: Reason; caller?: string }
  /** Once in a process. If `peer` is the operator's proxy, all who come through it count as one network. */
  | { name: "proxy.not_trusted"; peer: string }
  /** Once in a process. The host application passed no address of a client, so such requests count as one network. */
  | { name: "client_address.missing" }
  /** A refusal that no other event tells. `endpoint` is a path of the table of routes, or "none". */
  | { name: "request.refused"; reason: Reason; endpoint: string }
  | { name: "store.unavailable"; endpoint: string; cause: string }
  | { name: "server.fault"; endpoint: string; cause: string };

/**
 * Never throws and never waits: a failed log does not stop authentication (faults.md R-31). `requestId`: the one in the
 * Request-Id header of the answer.
 */
export type Emit = (event: ServerEvent, requestId?: string) => void;
