import { createServer } from "node:http";
import { listenAndReport } from "./report-to-parent.ts";
import { smallAnswer } from "./small-answer.ts";

/** The baseline: node:http, which reads the body as text and sends a fixed small JSON. */
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
