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

/** An MCP server that takes tokens of the emulator, and says where they come from (RFC 9728). */
export type McpPlace = { url: string; stop(): Promise<void> };

export async function startMcpServer({ url: issuer, applications: [application] }: Emulator): Promise<McpPlace> {
  const isGood = async (token: string | undefined): Promise<boolean> => {
    const answer = await fetch(`${issuer}/introspect`, {
      method: "POST",
      headers: { authorization: `Basic ${btoa(`${application!.clientId}:${application!.clientSecret}`)}` },
      body: new URLSearchParams({ token: token ?? "" }),
    });
    return ((await answer.json()) as { active: boolean }).active;
  };
  const http = createServer((request, response) => {
    void (async () => {
      const { url } = place;
      if (request.url?.startsWith("/.well-known/oauth-protected-resource"))
        return void response
          .writeHead(200, { "content-type": "application/json" })
          .end(JSON.stringify({ resource: url, authorization_servers: [issuer] }));
      if (!(await isGood(/^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1])))
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

/** What an MCP client brings along, as the SDK's examples write it, and what became of it. */
export class Person implements OAuthClientProvider {
  readonly redirectUrl = "http://127.0.0.1:3000/callback";
  readonly clientMetadata = { redirect_uris: [this.redirectUrl] };
  readonly #information: { client_id: string; client_secret: string };
  #verifier = "";
  sentTo: URL[] = [];
  wiped: string[] = [];
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
    this.sentTo.push(url);
  }
  saveCodeVerifier(verifier: string) {
    this.#verifier = verifier;
  }
  codeVerifier() {
    return this.#verifier;
  }
  invalidateCredentials(scope: string) {
    this.wiped.push(scope);
  }
}

/** A strict provider, an MCP server, and any number of processes on one store. */
export async function openStage() {
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
  /** A process: its keeper, its person, and what it gives the SDK. */
  const join = () => {
    const keeper = createKeeper({
      providers: createClient(app.profile, app).keeperProvider({ resource: server.url }),
      store: memoryStore(store),
      keys,
      world,
    });
    const person = new Person(provider);
    return { keeper, person, ...keepMcpTokens(person, { keeper, id: "mcp", issuer: provider.url }) };
  };
  const hello = async (client: Client): Promise<unknown> => {
    const { content } = await client.callTool({ name: "hello" });
    await client.close();
    return content;
  };
  /** Calls the tool, in a session of its own. */
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
    /** Time passes for the provider alone, so that the keepers only learn of it by a 401; or for everybody. */
    pass(seconds: number, whom: "provider" | "everybody") {
      provider.control.advance(seconds);
      if (whom === "everybody") aheadMs += seconds * 1000;
    },
    async [Symbol.asyncDispose]() {
      await server.stop();
      await provider.close();
    },
  };
}
