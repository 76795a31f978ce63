export * from "./rotation-class.ts";
export * from "./world.ts";
