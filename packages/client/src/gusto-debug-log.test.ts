import { describe, expect, test } from "vitest";
import { createGusto } from "./gusto/gusto.ts";
import { accessToken, provider, useProvider, expectNoSecret } from "../test/secrets-fixture.ts";

useProvider();

describe("gusto 4.1, 7: the debug log of Gusto", () => {
  const logged = async (env: Record<string, string>, own = false) => {
    const lines: unknown[] = [];
    const logger = {
      group: (label?: string) => void lines.push(label),
      groupEnd: () => {},
      log: (...message: unknown[]) => void lines.push(...message),
    };
    const original = globalThis.console;
    globalThis.console = Object.assign(Object.create(original) as Console, logger);
    try {
      provider.reply({ body: { scope: "a" } });
      await createGusto({
        baseUrl: provider.url,
        companyAccessAuth: accessToken,
        env,
        ...(own ? { debugLogger: logger } : {}),
      }).introspection.getInfo();
    } finally {
      globalThis.console = original;
    }
    return lines;
  };
  test.each(["false", "0", "", "no", "off", "FALSE"])("GUSTO_DEBUG=%s logs nothing", async (value) =>
    expect(await logged({ GUSTO_DEBUG: value })).toEqual([]),
  );
  test.each<Record<string, string>>([{ GUSTO_DEBUG: "true" }, { GUSTO_DEBUG: "1" }, { GUSTOEMBEDDED_DEBUG: "true" }])(
    "%j logs to the console, without secrets",
    async (env) => {
      const lines = await logged(env);
      expect(lines.join("\n")).toContain("gusto introspection.getInfo, attempt 1: GET");
      expectNoSecret(lines);
    },
  );
  test("a logger that was passed is used for every value of GUSTO_DEBUG", async () =>
    expect(await logged({ GUSTO_DEBUG: "false" }, true)).not.toEqual([]));
});
