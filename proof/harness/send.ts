import { setTimeout as pause } from "node:timers/promises";
import { request, type Agent, type IncomingHttpHeaders } from "node:http";

export type Answer = { status: number; headers: IncomingHttpHeaders; body: string };

/**
 * Sends one request and follows no redirect. If the server answers that it stood still, as on an overloaded machine,
 * the request is repeated a second later; with `once` that answer is returned. Rejects if no complete answer
 * comes.
 */
export type Send = (method: "GET" | "POST", path: string, options?: SendOptions) => Promise<Answer>;
type SendOptions = { form?: Record<string, string>; headers?: Record<string, string>; once?: boolean };

export const sendTo =
  (url: string, agent: Agent): Send =>
  async (method, path, options = {}) => {
    for (;;) {
      const answer = await sendOnce(url, agent, method, path, options);
      if (options.once === true || !stoodStill(answer)) return answer;
      await pause(1000);
    }
  };

export const stoodStill = ({ status, body }: Pick<Answer, "status" | "body">): boolean =>
  status === 503 && body.includes("stood still");

const sendOnce = (
  url: string,
  agent: Agent,
  method: "GET" | "POST",
  path: string,
  { form, headers = {} }: SendOptions,
): Promise<Answer> => {
  const body = form === undefined ? "" : new URLSearchParams(form).toString();
  const described =
    form === undefined
      ? {}
      : { "content-type": "application/x-www-form-urlencoded", "content-length": String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    const asked = request(new URL(path, url), { method, agent, headers: { ...described, ...headers } }, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("error", reject);
      response.on("close", () => {
        if (!response.complete) reject(new Error("The answer was cut short."));
        else
          resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(parts).toString() });
      });
    });
    asked.on("error", reject);
    asked.end(body);
  });
};

export const jsonOf = <T = Record<string, unknown>>({ body }: Answer): T => JSON.parse(body) as T;
