import { execFile, spawn } from "node:child_process";
import { globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

type Files = Readonly<Record<string, string>>;

/** A page for Vite: the client and the keeper in a browser. */
const vite: Files = {
  "index.html": '<!doctype html><script type="module" src="/main.js"></script>',
  "main.js": `
    import { createGusto } from "@symbolon/client";
    import { memoryStore } from "@symbolon/client/keeper";
    document.title = [typeof createGusto().refresh, typeof memoryStore()].join();
  `,
};

/** An application for Next: a page in the browser, a page and a route on the server, and Symbolon itself as a route. */
const next: Files = {
  "app/layout.js": "export default ({ children }) => <html lang='en'><body>{children}</body></html>;",
  "app/page.js": `
    import { memoryStore } from "@symbolon/client/keeper";
    import { Button } from "./button.js";
    export default function Page() { return <main>{typeof memoryStore()}<Button /></main>; }
  `,
  "app/button.js": `"use client";
    import { createGusto } from "@symbolon/client";
    export function Button() { return <button onClick={() => createGusto()}>Connect</button>; }
  `,
  "app/info/route.js": `
    import { createGusto, isClientError } from "@symbolon/client";
    import { openFilesKeeperStore } from "@symbolon/keeper-stores/files";
    export const dynamic = "force-dynamic";
    export async function GET() {
      const error = await createGusto({ env: {} }).introspection.getInfo().catch((error) => error);
      return Response.json([isClientError(error), typeof openFilesKeeperStore]);
    }
  `,
  "app/auth/[[...path]]/route.js": `
    import { createServer } from "symbolon/server";
    let symbolon;
    const handle = async (request) => {
      symbolon ??= createServer({ config: { issuer: process.env.ISSUER, data: process.cwd() + "/data" } });
      return (await symbolon).fetch(request, { remoteAddress: "127.0.0.1" });
    };
    export { handle as GET, handle as POST };
  `,
  "next.config.mjs": `
    const metadata = "/.well-known/oauth-authorization-server";
    export default {
      turbopack: { root: import.meta.dirname + "/.." },
      serverExternalPackages: ["symbolon"],
      rewrites: async () => [{ source: metadata + "/auth", destination: "/auth" + metadata }],
    };
  `,
};

/** Builds the page with Vite. Answers the kilobytes of JavaScript that it loads; throws if Node is needed for it. */
export async function buildWithVite(project: string): Promise<string> {
  const folder = write(project, "vite-page", vite);
  await run(project, "vite/bin/vite.js", ["build", "--logLevel", "error"], folder);
  const scripts = globSync("dist/assets/*.js", { cwd: folder }).map((file) => readFileSync(join(folder, file), "utf8"));
  if (scripts.length === 0) throw new Error("Vite wrote no script");
  const needsNode = scripts.find((text) => /["']node:|__vite-browser-external/.test(text));
  if (needsNode !== undefined) throw new Error("The page needs Node");
  return `${Math.ceil(scripts.join("").length / 1000)} kB`;
}

/**
 * Builds the application with Next, which renders its page too, and starts it. Throws if the server in it does not
 * answer.
 */
export async function buildWithNext(project: string): Promise<string> {
  const folder = write(project, "next-application", next);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "next-application", private: true }));
  await run(project, "next/dist/bin/next", ["build"], folder);
  const page = readFileSync(join(folder, ".next/server/app/index.html"), "utf8");
  if (!page.includes("object")) throw new Error("The page does not show what the server rendered");
  await askServerInNext(project, folder);
  return "page, route, server";
}

async function askServerInNext(project: string, folder: string): Promise<void> {
  const port = String(20_000 + ((process.pid + 1) % 20_000));
  const origin = `http://localhost:${port}`;
  const issuer = `${origin}/auth`;
  const next = spawn(process.execPath, [join(project, "node_modules/next/dist/bin/next"), "start", "-p", port], {
    cwd: folder,
    env: { ...process.env, ...environment, ISSUER: issuer },
    stdio: "ignore",
  });
  try {
    const metadata = (await (await whenListening(`${origin}/.well-known/oauth-authorization-server/auth`)).json()) as {
      issuer?: string;
    };
    const refusal = await fetch(`${issuer}/oauth/token`, { method: "POST", body: new URLSearchParams({ a: "b" }) });
    const page = await (await fetch(issuer)).text();
    const style = /href="([^"]*\.css)"/.exec(page)?.[1] ?? "";
    const seen = [metadata.issuer === issuer, refusal.status, (await fetch(origin + style)).status];
    if (JSON.stringify(seen) !== "[true,401,200]")
      throw new Error(`The server in Next answers ${JSON.stringify(seen)}`);
  } finally {
    next.kill("SIGKILL");
  }
}

async function whenListening(url: string): Promise<Response> {
  for (let tries = 0; ; tries++) {
    try {
      return await fetch(url);
    } catch (error) {
      if (tries > 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

function write(project: string, name: string, files: Files): string {
  const folder = join(project, name);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  return folder;
}

const environment = { NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: "production" };

const run = (project: string, bin: string, args: string[], cwd: string): Promise<unknown> =>
  promisify(execFile)(process.execPath, [join(project, "node_modules", bin), ...args], {
    cwd,
    env: { ...process.env, ...environment },
    maxBuffer: 16 * 1024 * 1024,
  }).catch(({ stdout, stderr, message }: { stdout?: string; stderr?: string; message: string }) => {
    throw new Error(`${stdout ?? ""}${stderr ?? ""}` || message);
  });
