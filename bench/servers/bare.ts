import { createServer } from "node:http";
import { listenAndReport } from "./report-to-parent.ts";
import { smallAnswer } from "./small-answer.ts";

/** The floor: node:http, which reads the body as text and answers a small JSON, without looking at either. */
const answer = JSON.stringify(smallAnswer);

listenAndReport(
  createServer((request, response) => {
    let body = "";
    request.setEncoding("latin1");
    request.on("data", (text: string) => (body += text));
    request.on("end", () => {
      const status = body === "" ? 400 : 200;
      response.writeHead(status, { "content-type": "application/json", "content-length": answer.length }).end(answer);
    });
  }),
);
