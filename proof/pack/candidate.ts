import type { SubjectOptions } from "@symbolon/conformance";

/** A server that the pack is run on, with a scripted person. */
export type Candidate = { name: string; options: SubjectOptions; close(): Promise<void> };
