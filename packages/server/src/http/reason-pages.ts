import { explainReason, oauthErrors, reasons, type OAuthError, type Reason } from "@symbolon/protocol";
import type { FastifyReply, FastifyRequest } from "fastify";
import { statusOf } from "../errors.ts";
import type { PageView, ReasonView } from "../views.ts";
import { sendJson } from "./answers.ts";
import { pageHeaders } from "./page-headers.ts";
import type { Edge } from "./edge.ts";
import { startPage } from "./page-language.ts";
import { situationOf } from "./situations.ts";

/** GET /errors/:name, the target of `error_uri`: JSON, or a page for a browser; `undefined` for an unknown name. */
export function sendReasonPage(request: FastifyRequest, reply: FastifyReply, edge: Edge): FastifyReply | undefined {
  const { pages, paths } = edge;
  const name = (request.params as { name: string }).name;
  const entry = Object.hasOwn(reasons, name)
    ? ofReason(name as Reason)
    : Object.hasOwn(oauthErrors, name)
      ? ofCode(name as OAuthError, paths.errors)
      : undefined;
  if (entry === undefined) return undefined;
  if (!(request.headers.accept ?? "").includes("text/html")) return sendJson(reply, 200, asJson(entry));
  return pageHeaders(reply)
    .code(200)
    .send(pages.reason({ ...entry, ...startPage(reply, edge), situation: situationOf(name as Reason | OAuthError) }));
}

type Entry = Omit<ReasonView, keyof PageView | "situation">;

function ofReason(name: Reason): Entry {
  const { error, message, remedy, clause, open } = explainReason(name);
  return { name, error, status: statusOf({ reason: name }), message, remedy, clause, open };
}

function ofCode(error: OAuthError, errorsPath: string): Entry {
  const { status, message, clause } = oauthErrors[error];
  const causes = (Object.keys(reasons) as Reason[])
    .filter((name) => reasons[name].error === error)
    .map((name) => ({ name, message: reasons[name].message, href: errorsPath + name }));
  const remedy =
    "The operator of this server finds the exact reason in the log, or with `symbolon token explain`. It is one of these.";
  return { name: error, error, status, message, remedy, clause, open: true, causes };
}

/** A message is called `says` in the JSON, as programs have read it from the start. */
const asJson = ({ name, error, status, message, remedy, clause, open, causes }: Entry) => ({
  name,
  error,
  status,
  says: message,
  remedy,
  clause,
  open,
  ...(causes === undefined
    ? {}
    : { causes: causes.map(({ message: says, ...cause }) => ({ name: cause.name, says, href: cause.href })) }),
});
