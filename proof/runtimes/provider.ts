import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";

/**
 * A provider on loopback for the suite, which runs where no server can be started. The first segment of a path names a
 * separate provider; a suffix after a dot says how it misbehaves, such as `/7.lost`. A spent refresh token returns the
 * same tokens again.
 */
export type Loopback = { url: string; stop(): Promise<void> };

type ProviderState = { misbehaviour: string; generation: number; counts: Record<string, number>; revoked: boolean };

export async function startLoopback(): Promise<Loopback> {
  const places = new Map<string, ProviderState>();
  const server = createServer((request, response) => void answer(request, response, places));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  places: Map<string, ProviderState>,
): Promise<void> {
  let body = "";
  for await (const chunk of request.setEncoding("utf8")) body += chunk;
  const [, name = "", path = ""] = request.url!.split("/", 3);
  const place = places.get(name) ?? {
    misbehaviour: name.split(".")[1] ?? "none",
    generation: 0,
    counts: {},
    revoked: false,
  };
  places.set(name, place);
  const route = routes[path.split("?")[0]!];
  const reply =
    route === undefined
      ? { status: 404, body: { error: "not_found" } }
      : route({ place, form: new URLSearchParams(body), request });
  if (reply === "hang up") return void request.socket.destroy();
  const { status = 200, body: members, headers = {} } = reply;
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store", ...headers });
  response.end(JSON.stringify(members));
}

type Call = { place: ProviderState; form: URLSearchParams; request: IncomingMessage };
type Reply = { status?: number; body?: object; headers?: Record<string, string> };

const pair = (generation: number) => ({
  access_token: `access-${generation}`,
  token_type: "Bearer",
  expires_in: 3600,
  refresh_token: `refresh-${generation}`,
  scope: "read write",
});
const invalidGrant: Reply = { status: 400, body: { error: "invalid_grant", error_description: "spent or unknown" } };

const routes: Record<string, (ask: Call) => Reply | "hang up"> = {
  counts: ({ place }) => ({ body: place.counts }),
  token_info: ({ place, request }) =>
    request.headers.authorization === `Bearer access-${place.generation}`
      ? { body: { scope: "read write", resource: null } }
      : { status: 401, body: { error: "invalid_token" } },
  introspect: ({ place, form }) => ({
    body:
      form.get("token") === `access-${place.generation}`
        ? { active: true, scope: "read", client_id: "client", exp: 1_900_000_000 }
        : { active: false },
  }),
  revoke: ({ place }) => {
    place.revoked = true;
    place.counts["revoke"] = (place.counts["revoke"] ?? 0) + 1;
    return { body: {} };
  },
  device: () => ({
    body: {
      device_code: "device-1",
      user_code: "ABCD-EFGH",
      verification_uri: "https://provider.example/device",
      expires_in: 600,
      interval: 0,
    },
  }),
  redirecting: () => ({ status: 302, headers: { location: "https://elsewhere.example/" } }),
  token: ({ place, form, request }) => {
    const grantType = form.get("grant_type") ?? "";
    const count = (place.counts[grantType] = (place.counts[grantType] ?? 0) + 1);
    if (request.headers.authorization !== `Basic ${btoa("client:secret-of-the-client")}`)
      return { status: 401, body: { error: "invalid_client" } };
    return (
      grants[grantType]?.({ place, form, request, count }) ?? { status: 400, body: { error: "unsupported_grant_type" } }
    );
  },
};

const grants: Record<string, (ask: Call & { count: number }) => Reply | "hang up"> = {
  client_credentials: () => ({ body: { access_token: "of-the-application", token_type: "Bearer", expires_in: 60 } }),
  authorization_code: ({ form }) =>
    form.get("code") === "good" && form.get("code_verifier") !== null ? { body: pair(0) } : invalidGrant,
  "urn:ietf:params:oauth:grant-type:device_code": ({ count }) =>
    count < 3 ? { status: 400, body: { error: "authorization_pending" } } : { body: pair(0) },
  refresh_token: ({ place, form, count }) => {
    const presented = Number(/^refresh-(\d+)$/.exec(form.get("refresh_token") ?? "")?.[1] ?? Number.NaN);
    if (place.revoked || !(presented === place.generation || presented === place.generation - 1)) return invalidGrant;
    place.generation = presented + 1;
    return place.misbehaviour === "lost" && count === 1 ? "hang up" : { body: pair(place.generation) };
  },
};
