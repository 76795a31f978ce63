import { encodeBase64Url } from "@symbolon/protocol";
import type { buildServer, PasswordHasher } from "@symbolon/server";
import type { System } from "../data/open-system.ts";
import { registerDemo } from "./demo-registration.ts";

type Server = ReturnType<typeof buildServer>;
type Request = {
  socket: { remoteAddress?: string | undefined };
  headers: Record<string, string | string[] | undefined>;
};

/**
 * POST /development/demo: a fresh application and account, for `symbolon demo`, which may not see the data directory.
 * Exists under `serve --dev` only, and answers a program on this computer only: see `whyRefused`.
 */
export function addDevelopmentRoutes(server: Server, system: System, passwords: PasswordHasher): void {
  server.post("/development/demo", async (request, reply) => {
    reply.header("cache-control", "no-store").header("content-type", "application/json;charset=utf-8");
    const why = whyRefused({ socket: request.raw.socket, headers: request.headers });
    if (why !== undefined)
      return reply.code(403).send(JSON.stringify({ error: "access_denied", error_description: why }));
    const email = `demo-${encodeBase64Url(system.random(9)).toLowerCase()}@example.com`;
    return reply.code(201).send(JSON.stringify(await registerDemo(email, "Payroll Planner (demo)", system, passwords)));
  });
}

/**
 * A web page cannot send the header without a preflight, which nothing here answers, and its browser tells where it
 * comes from; a tunnel that brings strangers to the loopback address gives itself away by what it forwards.
 */
export function whyRefused({ socket, headers }: Request): string | undefined {
  if (!isLoopback(socket.remoteAddress ?? "")) return "Only for programs on the computer that the server runs on.";
  if (
    ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"].some((name) => headers[name] !== undefined)
  )
    return "Not for requests that came through a proxy.";
  if (headers["symbolon-demo"] !== "1") return "Send the header symbolon-demo: 1.";
  if (headers["origin"] !== undefined) return "Not for web pages.";
  const site = headers["sec-fetch-site"];
  return site === undefined || site === "none" ? undefined : "Not for web pages.";
}

const isLoopback = (address: string): boolean => address === "::1" || /^(?:::ffff:)?127\.\d+\.\d+\.\d+$/.test(address);
