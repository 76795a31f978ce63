import { issuerOf, type Application } from "./application.ts";
import { checkOptions, errorSource } from "./check-arguments.ts";
import { platformWorld } from "./edge.ts";
import type { ClientError } from "./errors/client-error.ts";
import { defaultTimeoutMs } from "./http/send.ts";
import type { KeeperProvider, RefreshOutcome } from "./keeper/provider.ts";
import { revoke, type RevokeRequest } from "./revoke/revoke.ts";
import { requestRefresh } from "./token/refresh.ts";
import type { TokenReply } from "./token/request-tokens.ts";
import { withoutUndefined } from "./without-undefined.ts";

/** Options of `keeperProvider`. */
export type KeeperProviderOptions = {
  /** Increase it whenever client id or secret changes. Default: 1. */
  clientGeneration?: number | undefined;
  /** Where the user can connect again. */
  reconnectUrl?: string | undefined;
  /**
   * URI of the resource server that every access token is for, or several. MCP requires it: the URL of the MCP server.
   * @see RFC 8707 §2.2
   */
  resource?: string | readonly string[] | undefined;
};

/**
 * Connects an application to a keeper, which then refreshes its grants. Each refresh is sent once and never rejects:
 * errors become a `RefreshOutcome`.
 */
export function keeperProvider(app: Application, options: KeeperProviderOptions = {}): KeeperProvider {
  checkOptions(errorSource(app, "keeperProvider"), options, "clientGeneration reconnectUrl resource");
  const { clientGeneration = 1, reconnectUrl, resource } = options;
  const { rotation, quirks, endpoints } = app.profile;
  const deadlineMs = app.timeoutMs === 0 || app.timeoutMs === undefined ? defaultTimeoutMs : app.timeoutMs;
  // The keeper has its own deadline. A timer here would drop a response that arrived while the process was suspended.
  const once = { timeoutMs: 0, retries: { strategy: "none" } as const };
  const hasRevocation = (app.endpoints?.revocation ?? endpoints.revocation) !== undefined;
  return withoutUndefined({
    issuer: issuerOf(app) ?? app.profile.name,
    clientId: app.clientId ?? "",
    clientGeneration,
    rotation,
    readsIntent: quirks.readsIntent === true,
    deadlineMs,
    reconnectUrl,
    async refresh({ refreshToken, intent, signal }) {
      try {
        const request = { ...once, ...withoutUndefined({ resource }), refreshToken, intent, signal };
        const reply = await requestRefresh(app, request);
        if (reply.ok) return tokensOutcome(reply.value);
        return errorOutcome(reply.error, quirks.finalRefusals ?? [], (app.world ?? platformWorld).epochMs());
      } catch {
        // A hook or the caller's own fetch threw. The request may have been sent by then.
        return { kind: "unknown", code: "hook_failed" };
      }
    },
    revoke: hasRevocation
      ? async ({ token, signal }) => ((await tryRevoke(app, { ...once, token, signal })) ? "revoked" : "unknown")
      : undefined,
  });
}

const tryRevoke = async (app: Application, request: RevokeRequest): Promise<boolean> =>
  await revoke(app, request).then(
    ({ ok }) => ok,
    () => false,
  );

function tokensOutcome({ tokens, response }: TokenReply): RefreshOutcome {
  return {
    kind: "tokens",
    tokens: withoutUndefined({
      accessToken: tokens.accessToken,
      refreshToken: tokens.refreshToken,
      lifetimeSeconds: tokens.expiresIn,
      scope: tokens.scopes,
      clockOffsetMs: offsetMs(response.headers.get("date"), response.endedAtMs),
    }),
  };
}

/** Errors that are about the client, not about the grant. */
const clientErrorCodes = ["client_credentials_wrong", "client_refused", "service_retired", "version_refused"];

/**
 * What an error means for a refresh: the grant was refused, the client was refused, nothing was processed, or it is
 * unknown. The keeper decides from it (refresh-tokens.md B8).
 */
function errorOutcome(error: ClientError, finalRefusals: readonly string[], nowMs: number): RefreshOutcome {
  const { outcome, status, reason, retryAfterMs, field, headers } = error;
  const code = reason?.code ?? error.code;
  const wait = withoutUndefined({ status, retryAfterMs });
  if (error.code === "invalid_request")
    return { kind: "refused", about: field === "refreshToken" ? "grant" : "client", code, status: 0, final: false };
  if (outcome === "not_processed") return { kind: "not_processed", code, ...wait };
  const isUnexplained = error.code === "refused" && (status === 401 || status === 403);
  // 409: another refresh of this token is in progress. A refusal without a code that OAuth or the profile knows may
  // come from any firewall or proxy on the way: it says nothing about the client.
  if (outcome === "unknown" || status === 409 || reason === undefined || isUnexplained)
    return { kind: "unknown", code, ...wait };
  const isOfClient = clientErrorCodes.includes(error.code);
  // Any other refusal concerns this request only: nothing was spent, so the keeper waits and tries again.
  if (error.code !== "refresh_token_dead" && !isOfClient) return { kind: "not_processed", code, ...wait };
  return withoutUndefined({
    kind: "refused",
    about: isOfClient ? "client" : "grant",
    code,
    status: status ?? 0,
    final: finalRefusals.includes(code),
    description: reason.description,
    clockOffsetMs: offsetMs(headers?.["date"], nowMs),
  });
}

/** How far the provider's clock is ahead of ours, from the `Date` header. */
function offsetMs(date: string | null | undefined, nowMs: number): number | undefined {
  const serverMs = Date.parse(date ?? "");
  return Number.isNaN(serverMs) ? undefined : serverMs - nowMs;
}
