import { setFlagsFromString } from "node:v8";

/**
 * Keeps V8's young generation at the size that starting took. Left alone it doubles under load up to 128 MB, which buys
 * nothing here: what a request makes is garbage as soon as it is answered. A quarter of it also fits into the
 * processor's caches (docs/benchmarks.md).
 */
export const keepYoungGenerationSmall = (): void => setFlagsFromString("--semi-space-growth-factor=1");
