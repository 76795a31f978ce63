import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { pathOf, type ServerConfig } from "../../config.ts";
import type { NodeHandler } from "./node-handler.ts";
import { ownedPaths } from "./owned-paths.ts";

/** `prefix` may be left out: the path of the issuer says it. */
export type EmbeddedPlugin = (host: FastifyInstance, options: { prefix?: string }) => Promise<void>;

/**
 * A Fastify plugin that hands the requests of its paths over before the host application parses their bodies. Hooks of
 * the host that run `onRequest` come first. It takes the metadata document at the root, too, so it breaks out of the
 * prefix that it is registered with; a prefix that is not the path of the issuer is refused.
 */
export function embeddedPlugin(handle: NodeHandler, config: ServerConfig, close: () => Promise<void>): EmbeddedPlugin {
  const base = pathOf(config);
  const plugin: EmbeddedPlugin = async (host, { prefix = base }) => {
    const place = host.prefix + prefix.replace(/\/$/, "");
    if (host.prefix !== "" || place !== base)
      throw new Error(
        `Symbolon is registered below "${place}", and its issuer is ${config.issuer}. Register the plugin at the top, with the prefix "${base}" or without one.`,
      );
    const onRequest = (request: FastifyRequest, reply: FastifyReply): void => {
      for (const [name, value] of Object.entries(reply.getHeaders()))
        if (value !== undefined) reply.raw.setHeader(name, value);
      reply.hijack();
      handle(request.raw, reply.raw);
    };
    for (const url of ownedPaths(config).patterns) host.all(url, { onRequest }, neverReached);
    host.addHook("onClose", close);
  };
  return Object.assign(plugin, { [Symbol.for("skip-override")]: true });
}

const neverReached = (): never => {
  throw new Error("The request was handed over before the framework's handler.");
};
