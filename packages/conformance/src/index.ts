export type { Check, Level, Verdict } from "./check.ts";
export * from "./report/html.ts";
export { summaryOf, textOf } from "./report/text.ts";
export * from "./run.ts";
export { Unavailable, type Credentials, type Endpoints, type SubjectOptions } from "./subject.ts";
export * from "./world.ts";
