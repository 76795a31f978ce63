import type { Application } from "./application.ts";
import { issuerOf } from "./application.ts";
import type { ClientError } from "./errors/client-error.ts";
import { platformWorld } from "./edge.ts";
import { usualTimeoutMs } from "./http/send.ts";
import { present } from "./present.ts";
import type { KeeperProvider, RefreshOutcome } from "./keeper/provider.ts";
import { revoke, type RevokeRequest } from "./revoke/revoke.ts";
import { requestRefresh } from "./token/refresh.ts";
import type { Granted } from "./token/request-tokens.ts";

export type KeeperProviderOptions = {
  /** Count it up whenever client id or secret changes. Default 1. */
  clientGeneration?: number;
  /** Where a person can connect again. */
  reconnectUrl?: string;
  /**
   * The URI of the resource server that every access token is for, or several. MCP asks for it: the MCP server's URL.
   * @see RFC 8707 §2.2
   */
  resource?: string | readonly string[];
};

/** An application as the keeper asks it: one POST a call, never repeated here, and every end of it an answer. */
export function keeperProvider(
  app: Application,
  { clientGeneration = 1, reconnectUrl, resource }: KeeperProviderOptions = {},
): KeeperProvider {
  const deadlineMs = app.timeoutMs === 0 || app.timeoutMs === undefined ? usualTimeoutMs : app.timeoutMs;
  // The keeper ends a request by its own clock: a timer here would throw away an answer that came while the process
  // slept.
  const once = { timeoutMs: 0, retries: { strategy: "none" } as const };
  const nowMs = () => (app.world ?? platformWorld).epochMs();
  const hasRevocation = (app.endpoints?.revocation ?? app.profile.endpoints.revocation) !== undefined;
  return present({
    issuer: issuerOf(app) ?? app.profile.name,
    clientId: app.clientId ?? "",
    clientGeneration,
    rotation: app.profile.rotation,
    readsIntent: app.profile.quirks.readsIntent === true,
    deadlineMs,
    reconnectUrl,
    async refresh({ refreshToken, intent, signal }) {
      try {
        const granted = await requestRefresh(app, { ...once, ...present({ resource }), refreshToken, intent, signal });
        return granted.ok
          ? tokensOf(granted.value)
          : outcomeOf(granted.error, app.profile.quirks.finalRefusals ?? [], nowMs());
      } catch {
        // A hook or a fetch of the caller's threw: whether the request had left by then, nobody knows.
        return { kind: "unknown", code: "hook_failed" };
      }
    },
    revoke: hasRevocation
      ? async ({ token, signal }) => ((await isRevoked(app, { ...once, token, signal })) ? "revoked" : "unknown")
      : undefined,
  });
}

const isRevoked = async (app: Application, request: RevokeRequest): Promise<boolean> =>
  await revoke(app, request).then(
    ({ ok }) => ok,
    () => false,
  );

/** How far the provider's clock is ahead, from the `Date` of its answer. */
function offsetMs(date: string | null | undefined, nowMs: number): number | undefined {
  const serverMs = Date.parse(date ?? "");
  return Number.isNaN(serverMs) ? undefined : serverMs - nowMs;
}

function tokensOf({ tokens, answer }: Granted): RefreshOutcome {
  return {
    kind: "tokens",
    tokens: present({
      accessToken: tokens.accessToken,
      refreshToken: tokens.refreshToken,
      lifetimeSeconds: tokens.expiresIn,
      scope: tokens.scopes,
      clockOffsetMs: offsetMs(answer.headers.get("date"), answer.endedAtMs),
    }),
  };
}

/** The verdict's raw material (refresh-tokens.md B8): about the grant, about the client, not processed, or unknown. */
function outcomeOf(
  { code, outcome, status, reason, retryAfterMs, field, headers }: ClientError,
  final: readonly string[],
  nowMs: number,
): RefreshOutcome {
  const said = reason?.code ?? code;
  const wait = present({ status, retryAfterMs });
  if (code === "invalid_request") return about(field === "refreshToken" ? "grant" : "client", said, 0);
  if (outcome === "not_processed") return { kind: "not_processed", code: said, ...wait };
  // 409: another refresh of this very token is under way. A refusal that says nothing may come from anything on the
  // way.
  if (outcome === "unknown" || status === 409 || (code === "refused" && reason === undefined))
    return { kind: "unknown", code: said, ...wait };
  const isOfClient = ["client_credentials_wrong", "client_refused", "service_retired", "version_refused"].includes(
    code,
  );
  // Any other refusal is of this request alone: nothing was spent, and the next attempt waits.
  if (code !== "refresh_token_dead" && !isOfClient) return { kind: "not_processed", code: said, ...wait };
  return about(
    isOfClient ? "client" : "grant",
    said,
    status ?? 0,
    final.includes(said),
    reason?.description,
    offsetMs(headers?.["date"], nowMs),
  );
}

const about = (
  about: "grant" | "client",
  code: string,
  status: number,
  final = false,
  description?: string,
  clockOffsetMs?: number,
): RefreshOutcome => present({ kind: "refused", about, code, status, final, description, clockOffsetMs });
