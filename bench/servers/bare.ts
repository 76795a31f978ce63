import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { reportToParent } from "./report-to-parent.ts";

/**
 * The floor: node:http, which reads the body as text and answers a small JSON, without looking at either. An answer of
 * introspection is as long as this one.
 */
const answer = JSON.stringify({
  active: true,
  scope: "companies:read employees:read payrolls:read",
  client_id: "app_000000000000000000000000",
  username: "person0@example.com",
  token_type: "Bearer",
  exp: 1_800_000_000,
  iat: 1_800_000_000,
  sub: "00000000-0000-7000-8000-000000000000",
  aud: "http://localhost:8787",
  iss: "http://localhost:8787",
  jti: "0000000000000000000000",
  resource: { type: "Company", uuid: "00000000-0000-7000-8000-000000000000" },
  resource_owner: { type: "Account", uuid: "00000000-0000-7000-8000-000000000000" },
});

const server = createServer((request, response) => {
  let body = "";
  request.setEncoding("latin1");
  request.on("data", (text: string) => (body += text));
  request.on("end", () => {
    const status = body === "" ? 400 : 200;
    response.writeHead(status, { "content-type": "application/json", "content-length": answer.length }).end(answer);
  });
});

server.listen(0, "127.0.0.1", () => reportToParent((server.address() as AddressInfo).port));
