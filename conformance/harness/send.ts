import { request, type Agent, type IncomingHttpHeaders } from "node:http";

export type Answer = { status: number; headers: IncomingHttpHeaders; body: string };

/** One request to a server; nothing is followed, nothing is retried. Rejects where no whole answer came. */
export type Send = (method: "GET" | "POST", path: string, options?: { form?: Record<string, string>; headers?: Record<string, string> }) => Promise<Answer>;

export const sendTo = (url: string, agent: Agent): Send => (method, path, { form, headers = {} } = {}) => {
  const body = form === undefined ? "" : new URLSearchParams(form).toString();
  const described = form === undefined ? {} : { "content-type": "application/x-www-form-urlencoded", "content-length": String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    const asked = request(new URL(path, url), { method, agent, headers: { ...described, ...headers } }, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("error", reject);
      response.on("close", () => {
        if (!response.complete) reject(new Error("The answer was cut short."));
        else resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(parts).toString() });
      });
    });
    asked.on("error", reject);
    asked.end(body);
  });
};

export const jsonOf = <T = Record<string, unknown>>({ body }: Answer): T => JSON.parse(body) as T;
