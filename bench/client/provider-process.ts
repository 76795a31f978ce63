import { createServer } from "node:http";

/**
 * A provider in its own process that returns fixed answers, so that the client is what is measured. Prints its port.
 */
const tokens = JSON.stringify({
  access_token: "a".repeat(64),
  token_type: "Bearer",
  expires_in: 3600,
  refresh_token: "r".repeat(64),
  scope: "read write",
});
const introspection = JSON.stringify({ active: true, scope: "read write", client_id: "client", exp: 2_000_000_000 });
const answers: Readonly<Record<string, string>> = {
  "/token": tokens,
  "/introspect": introspection,
  "/resource": '{"name":"Ada"}',
};

const server = createServer((request, response) => {
  request.resume().on("end", () => {
    const body = answers[request.url!] ?? "{}";
    response
      .writeHead(200, {
        "content-type": "application/json",
        "content-length": body.length,
        "cache-control": "no-store",
      })
      .end(body);
  });
});
server.listen(0, "127.0.0.1", () => process.send!((server.address() as { port: number }).port));
process.once("disconnect", () => process.exit());
