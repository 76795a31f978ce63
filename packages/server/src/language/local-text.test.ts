import { beforeAll, describe, expect, test } from "vitest";
import { authorizeUrl, browserOf, signIn } from "../../test/flows.ts";
import { makeWorld, type World } from "../../test/world.ts";
import { localText } from "./local-text.ts";

describe("A text of the provider", () => {
  const payrolls = { fr: "Voir les paies", en: "See payrolls", "de-CH": "Löhne sehen" };
  test.each([
    ["See payrolls", "de", "See payrolls"],
    [payrolls, "fr", "Voir les paies"],
    [payrolls, "fr-CA", "Voir les paies"],
    [payrolls, "de", "See payrolls"],
    [{ fr: "Voir les paies" }, "de", "Voir les paies"],
    [{}, "de", ""],
  ])("%j for a page in %s is %j", (text, language, shown) => expect(localText(text, language)).toBe(shown));
});

describe("The consent page has the provider's texts in its language", () => {
  let world: World;
  beforeAll(async () => {
    world = await makeWorld({
      config: {
        scopes: {
          read: {
            title: { en: "See payrolls", de: "Abrechnungen sehen" },
            detail: { de: "Auch alte." },
            access: "read",
          },
          write: { title: "Prepare payrolls" },
        },
        resourceTypes: { Company: { en: "employer", de: "Firma" } },
      },
    });
    await world.addApplication("app_one");
    await world.addAccount("ann@example.com", ["Company/first"]);
  });
  const consent = async (ui_locales: string) =>
    (await signIn(browserOf(world), authorizeUrl("app_one", { ui_locales }), "ann@example.com")).body;

  test("scopes and types of resources", async () => {
    const german = await consent("de");
    for (const text of ["Abrechnungen sehen", "Auch alte.", "Prepare payrolls", "Firma"])
      expect(german).toContain(text);
    const english = await consent("en");
    for (const text of ["See payrolls", "Prepare payrolls", "employer"]) expect(english).toContain(text);
  });
});
