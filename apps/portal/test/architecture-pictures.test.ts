import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser } from "./browser.ts";

/** The pictures of ARCHITECTURE.md, drawn by Mermaid itself, so that none is broken where it is read. */
const pictures = [...readFileSync("ARCHITECTURE.md", "utf8").matchAll(/```mermaid\n([\s\S]*?)```/g)].map(
  ([, source = ""]) => source,
);
const mermaidHome = dirname(createRequire(import.meta.url).resolve("mermaid"));

type Drawing = { svg: string } | { error: string };
type Mermaid = {
  initialize(settings: { startOnLoad: boolean }): void;
  render(id: string, source: string): Promise<{ svg: string }>;
};

let browser: Browser;
beforeAll(async () => void (browser = await launchBrowser()), 60_000);
afterAll(() => browser.close());

async function draw(source: string): Promise<Drawing> {
  const page = await browser.newPage();
  try {
    await page.addScriptTag({ path: join(mermaidHome, "mermaid.min.js") });
    return await page.evaluate(async (text): Promise<Drawing> => {
      const mermaid = Reflect.get(globalThis, "mermaid") as Mermaid;
      mermaid.initialize({ startOnLoad: false });
      return mermaid.render("picture", text).then(
        ({ svg }) => ({ svg }),
        (error: unknown) => ({ error: String(error) }),
      );
    }, source);
  } finally {
    await page.close();
  }
}

describe("the pictures of ARCHITECTURE.md", () => {
  test("are the house and one refresh", () => {
    expect(pictures.map((source) => source.trim().split(/\s/, 1)[0])).toEqual(["flowchart", "sequenceDiagram"]);
  });

  test.each(pictures.map((source, at) => [at + 1, source] as const))(
    "picture %i is drawn by Mermaid",
    { timeout: 30_000 },
    async (_, source) => {
      const drawing = await draw(source);
      expect(drawing).toHaveProperty("svg");
      expect(JSON.stringify(drawing)).toMatch(/<svg/);
    },
  );

  test("a picture with a mistake is not drawn", { timeout: 30_000 }, async () => {
    expect(await draw("sequenceDiagram\n  A->> : hello")).toHaveProperty("error");
  });
});

test("the picture of the house has a box for each package and app", () => {
  const house = pictures[0] ?? "";
  const named = readFileSync("package-lock.json", "utf8").match(/"(?:packages|apps)\/[\w-]+": \{/g) ?? [];
  const folders = named.map((line) => line.slice(1, line.indexOf('"', 1)));
  expect(folders.length).toBeGreaterThan(8);
  expect(folders.filter((folder) => !house.includes(folder))).toEqual([]);
});
