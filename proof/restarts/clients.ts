import { setTimeout as pause } from "node:timers/promises";
import { Agent } from "node:http";
import type { Tokens } from "../harness/client.ts";
import type { Credentials } from "../harness/registration.ts";
import { jsonOf, sendTo, stoodStill, type Answer } from "../harness/send.ts";

/** What the clients of one run have seen. */
export type Seen = {
  served: number;
  failures: string[];
  connections: number;
  /** Answers 503 of a server that is too busy to process the request; the client asks again. */
  overloaded: number;
};

/**
 * Clients that refresh in turn, each over keep-alive connections of its own, until the returned function is called.
 * `choose` names the server of the next request. A failure is any answer but 200, and any request without an answer,
 * except that a server that is overloaded (OP-05) or stood still (R-20) says so, and is asked again.
 */
export function startClients(
  { credentials, tokens }: { credentials: Credentials; tokens: readonly Tokens[] },
  choose: () => string,
): { seen: Seen; stop(): Promise<void> } {
  const seen: Seen = { served: 0, failures: [], connections: 0, overloaded: 0 };
  const authorization = `Basic ${Buffer.from(`${credentials.id}:${credentials.secret}`).toString("base64")}`;
  let isOver = false;

  const work = tokens.map(async (first) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    let token = first.refresh_token;
    while (!isOver) {
      const answer: Answer | string = await sendTo(choose(), agent)("POST", "/oauth/token", {
        form: { grant_type: "refresh_token", refresh_token: token },
        headers: { authorization },
        once: true,
      }).catch((error: unknown) => String(error));
      if (typeof answer === "string") seen.failures.push(answer);
      else if (answer.status === 200) {
        seen.served++;
        token = jsonOf<Tokens>(answer).refresh_token;
        if (answer.headers.connection === "close") seen.connections++;
      } else if (answer.status === 503 && answer.body.includes("errors/server_overloaded")) seen.overloaded++;
      else if (!stoodStill(answer)) seen.failures.push(`${answer.status} ${answer.body}`);
      await pause(5);
    }
    agent.destroy();
  });
  return {
    seen,
    async stop() {
      isOver = true;
      await Promise.all(work);
    },
  };
}
