import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import type { OAuthClientProvider } from "@modelcontextprotocol/sdk/client/auth.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import type { Keeper } from "@symbolon/client/keeper";
import { keepMcpTokens } from "@symbolon/client/mcp";

/**
 * Connects to an MCP server. `provider` is your `OAuthClientProvider`: it registers the client, redirects and stores
 * PKCE verifiers as before. The keeper stores the tokens.
 */
export async function connectMcp(
  keeper: Keeper,
  provider: OAuthClientProvider,
  { server, issuer }: { server: string; issuer: string },
) {
  const { authProvider, fetch } = keepMcpTokens(provider, { keeper, id: "mcp", issuer });
  const client = new Client({ name: "my-client", version: "1.0.0" });
  await client.connect(new StreamableHTTPClientTransport(new URL(server), { authProvider, fetch }) as Transport);
  return client;
}
