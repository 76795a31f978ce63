import type { Script } from "./connection.ts";
import type { Credentials, Seed } from "./seed.ts";

/** The issuer's host, which every request has to name whatever port the server got. */
export const benchIssuer = "http://localhost:8787";

const post = (path: string, { id, secret }: Credentials, body: string): string =>
  [
    `POST ${path} HTTP/1.1`,
    `Host: ${new URL(benchIssuer).host}`,
    `Authorization: Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`,
    "Content-Type: application/x-www-form-urlencoded",
    `Content-Length: ${body.length}`,
    "",
    body,
  ].join("\r\n");

/** The elements that belong to connection `at` of `count`. */
const shareOf = <T>(all: readonly T[], at: number, count: number): readonly T[] => all.filter((_, index) => index % count === at);

/** Goes through the tokens of its share, over and over. The bare server is sent the very same requests. */
export function introspectScript(seed: Seed, at: number, count: number): Script {
  const requests = shareOf(seed.grants, at, count).map(({ access }) => post("/oauth/introspect", seed.resourceServer, `token=${access}`));
  let turn = 0;
  return {
    next: () => requests[turn++ % requests.length]!,
    complaint: (status, body) =>
      status === 200 && body.includes('"active":true') ? undefined : `introspection answered ${status} ${body.slice(0, 200)}`,
  };
}

/** Goes through the lineages of its share; each time a lineage comes round, its newest refresh token is presented. */
export function refreshScript(seed: Seed, at: number, count: number): Script {
  const lineages = shareOf(seed.grants, at, count).map(({ refresh, application }) => ({
    client: seed.applications[application]!,
    refreshToken: refresh,
  }));
  let turn = 0;
  const current = () => lineages[turn % lineages.length]!;
  return {
    next: () => post("/oauth/token", current().client, `grant_type=refresh_token&refresh_token=${current().refreshToken}`),
    complaint(status, body) {
      const found = memberOf(body, "refresh_token");
      if (status !== 200 || found === undefined) return `refresh answered ${status} ${body.slice(0, 200)}`;
      if (found === current().refreshToken) return "refresh answered the token that it was given";
      current().refreshToken = found;
      turn++;
      return undefined;
    },
  };
}

export function clientCredentialsScript(seed: Seed, at: number): Script {
  const client = seed.applications[at % seed.applications.length]!;
  const request = post("/oauth/token", client, "grant_type=client_credentials");
  let last: string | undefined;
  return {
    next: () => request,
    complaint(status, body) {
      const found = memberOf(body, "access_token");
      if (status !== 200 || found === undefined) return `client credentials answered ${status} ${body.slice(0, 200)}`;
      if (found === last) return "client credentials answered the same access token twice";
      last = found;
      return undefined;
    },
  };
}

/** A text member of a JSON object; JSON.parse would cost more than the server's own work on it. */
function memberOf(body: string, name: string): string | undefined {
  const at = body.indexOf(`"${name}":"`);
  return at < 0 ? undefined : body.slice(at + name.length + 4, body.indexOf('"', at + name.length + 4));
}
