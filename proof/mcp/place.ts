import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import type { OAuthClientProvider } from "@modelcontextprotocol/sdk/client/auth.js";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { createClient, generic, platformWorld } from "@symbolon/client";
import { createKeeper, memoryPlace, memoryStore, wrappingKey } from "@symbolon/client/keeper";
import { keepMcpTokens } from "@symbolon/client/mcp";
import { emulator, type Emulator } from "@symbolon/emulator";

/** An MCP server that accepts tokens of the emulator and publishes resource metadata (RFC 9728). */
export type RunningMcpServer = { url: string; stop(): Promise<void> };

export async function startMcpServer({
  url: issuer,
  applications: [application],
}: Emulator): Promise<RunningMcpServer> {
  const isActive = async (token: string | undefined): Promise<boolean> => {
    const response = await fetch(`${issuer}/introspect`, {
      method: "POST",
      headers: { authorization: `Basic ${btoa(`${application!.clientId}:${application!.clientSecret}`)}` },
      body: new URLSearchParams({ token: token ?? "" }),
    });
    return ((await response.json()) as { active: boolean }).active;
  };
  const http = createServer((request, response) => {
    void (async () => {
      const { url } = place;
      if (request.url?.startsWith("/.well-known/oauth-protected-resource"))
        return void response
          .writeHead(200, { "content-type": "application/json" })
          .end(JSON.stringify({ resource: url, authorization_servers: [issuer] }));
      if (!(await isActive(/^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1])))
        return void response
          .writeHead(401, {
            "www-authenticate": `Bearer resource_metadata="${new URL("/.well-known/oauth-protected-resource", url).href}"`,
          })
          .end();
      if (request.method !== "POST") return void response.writeHead(405).end();
      const server = new McpServer({ name: "place", version: "1" });
      server.registerTool("hello", {}, () => ({ content: [{ type: "text", text: "hello" }] }));
      const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined, enableJsonResponse: true });
      await server.connect(transport as Parameters<typeof server.connect>[0]);
      await transport.handleRequest(request, response);
    })();
  });
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  const place = {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`,
    async stop() {
      http.close();
      http.closeAllConnections();
      await once(http, "close");
    },
  };
  return place;
}

/** An `OAuthClientProvider` as in the SDK's examples, which records what the SDK calls. */
export class TestProvider implements OAuthClientProvider {
  readonly redirectUrl = "http://127.0.0.1:3000/callback";
  readonly clientMetadata = { redirect_uris: [this.redirectUrl] };
  readonly #information: { client_id: string; client_secret: string };
  #verifier = "";
  redirects: URL[] = [];
  deletedCredentials: string[] = [];
  saved = 0;

  constructor({ applications: [application] }: Emulator) {
    this.#information = { client_id: application!.clientId, client_secret: application!.clientSecret! };
  }
  clientInformation() {
    return this.#information;
  }
  tokens() {
    return undefined;
  }
  saveTokens() {
    this.saved++;
  }
  redirectToAuthorization(url: URL) {
    this.redirects.push(url);
  }
  saveCodeVerifier(verifier: string) {
    this.#verifier = verifier;
  }
  codeVerifier() {
    return this.#verifier;
  }
  invalidateCredentials(scope: string) {
    this.deletedCredentials.push(scope);
  }
}

/** A strict provider, an MCP server, and any number of simulated processes on one store. */
export async function openFixture() {
  const provider = await emulator({ profile: "strict" });
  provider.control.answerConsent("allow");
  const server = await startMcpServer(provider);
  const [application] = provider.applications;
  const { application: app } = createClient(
    {
      ...generic,
      issuer: provider.url,
      endpoints: { token: `${provider.url}/token`, revocation: `${provider.url}/revoke` },
    },
    { clientId: application!.clientId, clientSecret: application!.clientSecret! },
  );
  const store = memoryPlace();
  let aheadMs = 0;
  const world = {
    ...platformWorld,
    epochMs: () => platformWorld.epochMs() + aheadMs,
    monotonicMs: () => platformWorld.monotonicMs() + aheadMs,
  };
  const keys = { current: wrappingKey("test", new Uint8Array(32).fill(7)) };
  /** Simulates a process: its keeper, its provider, and what it passes to the SDK. */
  const join = () => {
    const keeper = createKeeper({
      providers: createClient(app.profile, app).keeperProvider({ resource: server.url }),
      store: memoryStore(store),
      keys,
      world,
    });
    const userProvider = new TestProvider(provider);
    return { keeper, userProvider, ...keepMcpTokens(userProvider, { keeper, id: "mcp", issuer: provider.url }) };
  };
  const hello = async (client: Client): Promise<unknown> => {
    const { content } = await client.callTool({ name: "hello" });
    await client.close();
    return content;
  };
  /** Calls the tool in a new session. */
  const call = async ({
    authProvider,
    fetch,
  }: Pick<ReturnType<typeof join>, "authProvider" | "fetch">): Promise<unknown> => {
    const client = new Client({ name: "caller", version: "1" });
    await client.connect(
      new StreamableHTTPClientTransport(new URL(server.url), { authProvider, fetch }) as Parameters<
        typeof client.connect
      >[0],
    );
    return hello(client);
  };
  return {
    provider,
    server,
    store,
    join,
    call,
    hello,
    /** Advances the time of the provider only, so that the keepers get a 401, or of all. */
    pass(seconds: number, whose: "provider" | "all") {
      provider.control.advance(seconds);
      if (whose === "all") aheadMs += seconds * 1000;
    },
    async [Symbol.asyncDispose]() {
      await server.stop();
      await provider.close();
    },
  };
}
