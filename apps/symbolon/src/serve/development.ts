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
 * POST /development/demo registers a new application and account for `symbolon demo`, which cannot read the data
 * directory. The route exists with `serve --dev` only, and only programs on this computer may use it: see
 * `describeRefusal`.
 */
export function addDevelopmentRoutes(server: Server, system: System, passwords: PasswordHasher): void {
  server.post("/development/demo", async (request, reply) => {
    reply.header("cache-control", "no-store").header("content-type", "application/json;charset=utf-8");
    const refusal = describeRefusal({ socket: request.raw.socket, headers: request.headers });
    if (refusal !== undefined)
      return reply.code(403).send(JSON.stringify({ error: "access_denied", error_description: refusal }));
    const email = `demo-${encodeBase64Url(system.random(9)).toLowerCase()}@example.com`;
    return reply.code(201).send(JSON.stringify(await registerDemo(email, "Payroll Planner (demo)", system, passwords)));
  });
}

/**
 * Why the request is refused, or `undefined`. A web page cannot send the header symbolon-demo without a preflight,
 * which no route answers, and its browser adds Origin or Sec-Fetch-Site. A tunnel to the loopback address adds
 * forwarding headers.
 */
export function describeRefusal({ socket, headers }: Request): string | undefined {
  if (!isLoopback(socket.remoteAddress ?? "")) return "Only programs on the computer of the server may use this.";
  if (
    ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"].some((name) => headers[name] !== undefined)
  )
    return "Requests through a proxy are refused.";
  if (headers["symbolon-demo"] !== "1") return "Send the header symbolon-demo: 1.";
  if (headers["origin"] !== undefined) return "Requests of web pages are refused.";
  const site = headers["sec-fetch-site"];
  return site === undefined || site === "none" ? undefined : "Requests of web pages are refused.";
}

const isLoopback = (address: string): boolean => address === "::1" || /^(?:::ffff:)?127\.\d+\.\d+\.\d+$/.test(address);
