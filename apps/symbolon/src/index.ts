export { defineConfig, type SymbolonConfig } from "./config/define-config.ts";
