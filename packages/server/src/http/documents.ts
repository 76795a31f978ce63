import type { FastifyReply, FastifyRequest } from "fastify";
import { sendJson, sendRefusal, sendPublicJson } from "./answers.ts";
import { pageHeaders } from "./page-headers.ts";
import type { Edge } from "./edge.ts";
import { startPage } from "./page-language.ts";

export const sendMetadata = (_request: FastifyRequest, reply: FastifyReply, { metadata }: Edge): FastifyReply =>
  sendPublicJson(reply, metadata);

export function sendHome(_request: FastifyRequest, reply: FastifyReply, edge: Edge): FastifyReply {
  const { deps, pages, paths } = edge;
  return pageHeaders(reply).send(
    pages.home({
      ...startPage(reply, edge),
      issuer: deps.config.issuer,
      metadataHref: paths.metadata,
      signOutHref: paths.signOut,
    }),
  );
}

/** A stylesheet or image, cached forever: its name holds a hash of its content. */
export function sendAsset(request: FastifyRequest, reply: FastifyReply, { pages }: Edge): FastifyReply | undefined {
  const { name } = request.params as { name: string };
  if (!Object.hasOwn(pages.assets, name)) return undefined;
  const { contentType, body } = pages.assets[name]!;
  return reply
    .header("content-type", contentType)
    .header("cache-control", "public, max-age=31536000, immutable")
    .header("content-security-policy", "default-src 'none'; sandbox")
    .send(body);
}

export const sendHealth = (_request: FastifyRequest, reply: FastifyReply): FastifyReply =>
  sendJson(reply, 200, { status: "ok" });

export async function sendReadiness(
  _request: FastifyRequest,
  reply: FastifyReply,
  { deps, health, isDraining }: Edge,
): Promise<FastifyReply> {
  if (isDraining()) return sendRefusal(reply, { reason: "server_stopping" }, deps);
  await deps.store.ready();
  const warnings = health.warnings();
  return sendJson(reply, 200, { status: "ready", ...(warnings.length === 0 ? {} : { warnings }) });
}
