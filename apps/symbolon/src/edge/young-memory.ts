import { setFlagsFromString } from "node:v8";

/**
 * Keeps V8's young generation at its initial size. By default it doubles under load up to 128 MB, without a benefit
 * here: the objects of a request are garbage once it is answered. A smaller one also fits into the processor's caches
 * (docs/benchmarks.md).
 */
export const keepYoungGenerationSmall = (): void => setFlagsFromString("--semi-space-growth-factor=1");
