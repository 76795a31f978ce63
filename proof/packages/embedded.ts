import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { runCommand } from "./served.ts";

/** An application that runs the server in its process, on a free port. It prints what a client gets, and ends. */
const body = (data: string): string => `
const host = createHttpServer((request, response) => symbolon.node(request, response, () => response.end("ours")));
let symbolon;
host.listen(0, "127.0.0.1", async () => {
  const origin = "http://localhost:" + host.address().port;
  symbolon = await createServer({ config: { issuer: origin + "/auth", data: ${JSON.stringify(data)} } });
  const textOf = async (path, init) => (await fetch(origin + path, init)).text();
  const body = new URLSearchParams({ grant_type: "client_credentials" });
  const headers = { authorization: "Basic " + btoa(process.argv[2]) };
  console.log(JSON.stringify({
    other: await textOf("/"),
    issuer: JSON.parse(await textOf("/.well-known/oauth-authorization-server/auth")).issuer === symbolon.issuer,
    page: (await textOf("/auth")).includes("Symbolon"),
    token: JSON.parse(await textOf("/auth/oauth/token", { method: "POST", body, headers })).token_type,
  }));
  host.close();
  host.closeAllConnections();
  await symbolon.close();
});
`;

const esm = `import { createServer as createHttpServer } from "node:http";\nimport { createServer } from "symbolon/server";\n`;
const cjs = `const { createServer: createHttpServer } = require("node:http");\nconst { createServer } = require("symbolon/server");\n`;

export const expectedOfHost = { other: "ours", issuer: true, page: true, token: "Bearer" };

/** Runs such an application, of the installed package, and answers what it printed. */
export async function runHost(node: string, project: string, format: "mjs" | "cjs"): Promise<unknown> {
  const data = mkdtempSync(join(project, "data-"));
  try {
    const file = join(project, `embed.${format}`);
    writeFileSync(file, (format === "mjs" ? esm : cjs) + body(data));
    await promisify(execFile)(node, [file, ""], { cwd: project }); // makes the data directory
    const asked = ["app", "create", "--name", "One", "--scope", "payroll:read", "--data", data, "--json"];
    const app = await runCommand(node, project, ...asked);
    const { client_id, client_secret } = JSON.parse(app.stdout) as Record<string, string>;
    const { stdout } = await promisify(execFile)(node, [file, `${client_id}:${client_secret}`], { cwd: project });
    return JSON.parse(stdout) as unknown;
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}

/** What a host application in TypeScript writes. */
export const typedHost = `
import { createServer as createHttpServer } from "node:http";
import Fastify from "fastify";
import { createServer, defineConfig, type LoggedEvent, type SymbolonServer } from "symbolon/server";

const config = defineConfig({ issuer: "https://example.com/auth", scopes: { read: { title: "Read" } } });
const seen: LoggedEvent[] = [];
export const symbolon: SymbolonServer = await createServer({ config, onEvent: (event) => seen.push(event) });
createHttpServer((request, response) => symbolon.node(request, response));
const app = Fastify();
await app.register(symbolon.plugin, { prefix: "/auth" });
export const answer: Response = await symbolon.fetch(new Request("https://example.com/auth"), { remoteAddress: "::1" });
`;
