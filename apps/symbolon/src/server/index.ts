export { defineConfig, type SymbolonConfig } from "../config/define-config.ts";
export { createServer, type ServerOptions, type SymbolonServer } from "./create-server.ts";
export type { LoggedEvent } from "./logged-events.ts";
export type { EmbeddedPlugin, FetchHandler, NodeHandler } from "@symbolon/server";
