export * from "./listener-edge.ts";
export * from "./open-browser-edge.ts";
export * from "./sign-in.ts";
