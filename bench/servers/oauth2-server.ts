import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";
import OAuth2Server from "@node-oauth/oauth2-server";
import { durableDatabase } from "../peers/durable-database.ts";
import { sqliteModel } from "../peers/oauth2-model.ts";
import { readClients } from "../seeds/seed.ts";
import { listenAndReport } from "./report-to-parent.ts";

/** `node oauth2-server.ts DIRECTORY`: the library brings no HTTP, so it stands behind bare node:http. */
const directory = process.argv[2]!;
const oauth = new OAuth2Server({
  model: sqliteModel(durableDatabase(join(directory, "oauth2.sqlite")), readClients(directory)),
  accessTokenLifetime: 7200,
});

const steps: Record<string, (request: OAuth2Server.Request, response: OAuth2Server.Response) => Promise<object>> = {
  "/token": async (request, response) => {
    await oauth.token(request, response);
    return response.body as object;
  },
  "/check": async (request, response) => {
    const { client, user, scope, accessTokenExpiresAt } = await oauth.authenticate(request, response);
    return {
      active: true,
      client_id: client.id,
      sub: user["id"] as string,
      scope: scope?.join(" "),
      exp: Math.floor(Number(accessTokenExpiresAt) / 1000),
    };
  },
};

async function answer(message: IncomingMessage, body: string, reply: ServerResponse): Promise<void> {
  const form = Object.fromEntries(new URLSearchParams(body));
  const request = new OAuth2Server.Request({
    headers: message.headers as Record<string, string>,
    method: message.method ?? "",
    query: {},
    body: form,
  });
  const response = new OAuth2Server.Response();
  try {
    send(reply, 200, await steps[message.url ?? ""]!(request, response), response);
  } catch (error) {
    send(reply, error instanceof OAuth2Server.OAuthError ? error.code : 500, { error: String(error) }, response);
  }
}

function send(reply: ServerResponse, status: number, body: object, { headers = {} }: OAuth2Server.Response): void {
  const text = JSON.stringify(body);
  reply
    .writeHead(status, { ...headers, "content-type": "application/json", "content-length": Buffer.byteLength(text) })
    .end(text);
}

listenAndReport(
  createServer((message, reply) => {
    let body = "";
    message.setEncoding("utf8");
    message.on("data", (text: string) => (body += text));
    message.on("end", () => void answer(message, body, reply));
  }),
);
