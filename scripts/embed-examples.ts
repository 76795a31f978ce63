import { globSync, readFileSync, writeFileSync } from "node:fs";

/**
 * Copies files into the pages that quote them: a code block opened by ```ts file=examples/refresh.ts holds that file.
 * With --check it changes nothing and fails if a page and its file differ, so that the quoted code is the tested code.
 */
const block = /^```(\w+) file=(\S+)\n[\s\S]*?^```$/gm;

const isCheck = process.argv.includes("--check");
const pages = globSync("{*.md,docs/**/*.md,{packages,apps}/*/README.md}");
const stale = pages.filter((page) => {
  const before = readFileSync(page, "utf8");
  const after = before.replace(
    block,
    (_whole, language: string, file: string) =>
      `\`\`\`${language} file=${file}\n${readFileSync(file, "utf8").trimEnd()}\n\`\`\``,
  );
  if (!isCheck && after !== before) writeFileSync(page, after);
  return after !== before;
});

if (isCheck && stale.length > 0) {
  process.stderr.write(
    `These pages differ from the files they quote; run \`npm run examples\`:\n${stale.map((page) => `  ${page}\n`).join("")}`,
  );
  process.exitCode = 1;
}
