import { pathOf, type ServerConfig } from "../../config.ts";
import { managementRoutes, openApiPath } from "../management-routes.ts";
import { rows, withBase } from "../register.ts";
import { routes } from "../routes.ts";

/** The paths of a host application that belong to the embedded server. */
export type OwnedPaths = {
  /** Each is a path, or ends in `/*`, which stands for everything below. */
  patterns: readonly string[];
  owns(path: string): boolean;
};

/**
 * Everything below the path of the issuer, and the metadata document, which clients look for at the root of the host
 * (RFC 8414 §3.1). For an issuer without a path, the paths of the table alone: the home page, the health checks and
 * everything else belong to the host.
 */
export function ownedPaths(config: Pick<ServerConfig, "issuer" | "management">): OwnedPaths {
  const base = pathOf(config);
  const patterns = base === "" ? tablePatterns(config) : [base, `${base}/*`, withBase(routes.metadata.path, base)];
  const exact = new Set(patterns);
  const roots = patterns.filter((pattern) => pattern.endsWith("/*")).map((pattern) => pattern.slice(0, -1));
  return { patterns, owns: (path) => exact.has(path) || roots.some((root) => path.startsWith(root)) };
}

function tablePatterns({ management }: Pick<ServerConfig, "management">): string[] {
  const own = rows.filter((row) => row.anyHost !== true && row.path !== routes.home.path).map(({ path }) => path);
  const ofManagement = management === "off" ? [] : [...managementRoutes.map(({ path }) => path), openApiPath];
  const patterns = [...own, ...ofManagement].map((path) => withoutParameters(withBase(path, "")));
  return [...new Set(patterns)];
}

function withoutParameters(path: string): string {
  const first = path.indexOf(":");
  return first === -1 ? path : `${path.slice(0, first)}*`;
}
