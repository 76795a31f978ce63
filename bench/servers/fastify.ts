import { fastify } from "fastify";
import { listenAndReport } from "./report-to-parent.ts";
import { smallAnswer } from "./small-answer.ts";

/** Fastify without an application: reads the form as text and serialises the small JSON for each answer. */
const app = fastify();
app.addContentTypeParser("application/x-www-form-urlencoded", { parseAs: "string" }, (_request, body, done) =>
  done(null, body),
);
app.post("/oauth/introspect", async (request, reply) => reply.code(request.body === "" ? 400 : 200).send(smallAnswer));
await app.ready();
listenAndReport(app.server);
