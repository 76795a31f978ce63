import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const run = promisify(execFile);
const module = join(import.meta.dirname, "../src/edge/young-memory.ts");

/** Bytes of the young generation after much that lives for a while, as a server's requests do. */
async function youngBytes(before: string): Promise<number> {
  const program = `
    import { getHeapSpaceStatistics } from "node:v8";
    ${before}
    const held = [];
    for (let at = 0; at < 3e6; at++) held[at % 100_000] = { at, more: [at] };
    console.log(getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space").space_size);`;
  return Number((await run(process.execPath, ["--input-type=module", "--eval", program])).stdout);
}

test("the young generation keeps its size under load, where V8 alone would grow it", async () => {
  const kept = await youngBytes(
    `import { keepYoungGenerationSmall } from ${JSON.stringify(module)}; keepYoungGenerationSmall();`,
  );
  expect(kept).toBeLessThanOrEqual(16 * 2 ** 20);
  expect(await youngBytes("")).toBeGreaterThan(2 * kept);
});
