import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import type { OAuthClientProvider } from "@modelcontextprotocol/sdk/client/auth.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import type { Keeper } from "@symbolon/client/keeper";
import { keepMcpTokens } from "@symbolon/client/mcp";

/**
 * A session at an MCP server. `person` is your `OAuthClientProvider`: it registers, redirects and keeps verifiers as
 * before, and sees no token any more.
 */
export async function connectMcp(
  keeper: Keeper,
  person: OAuthClientProvider,
  { server, issuer }: { server: string; issuer: string },
) {
  const { authProvider, fetch } = keepMcpTokens(person, { keeper, id: "mcp", issuer });
  const client = new Client({ name: "my-client", version: "1.0.0" });
  await client.connect(new StreamableHTTPClientTransport(new URL(server), { authProvider, fetch }) as Transport);
  return client;
}
