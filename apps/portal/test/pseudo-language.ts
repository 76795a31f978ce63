import { en } from "../src/languages/en.ts";
import { makeLanguage } from "../src/languages/language.ts";
import { standardLanguages } from "../src/languages/languages.ts";
import { splitMessage, type Messages } from "../src/languages/messages.ts";
import { makePages } from "../src/index.ts";
import { acme } from "./branding.ts";

/** Hebrew letters in the place of Latin ones: as long as English, and from right to left. */
const letters = "אבגדהוזחטיכלמנסעפצקרשתםןףץ";
const turned = (text: string): string =>
  text.replace(/[a-z]/gi, (letter) => letters[letter.toLowerCase().charCodeAt(0) - "a".charCodeAt(0)]!);

export const pseudoTag = "he-XB";

export const pseudoMessages = Object.fromEntries(
  Object.entries(en).map(([name, message]) => [
    name,
    splitMessage(message)
      .map((part, at) => (at % 2 === 0 ? turned(part) : `{${part}}`))
      .join(""),
  ]),
) as Messages;

const languages = new Map([...standardLanguages, [pseudoTag, makeLanguage(pseudoTag, pseudoMessages)]]);

/** The pages in English, German, and a language from right to left that exists only in tests. */
export const pagesOfTests = makePages({ languages });

/** The same for a provider with branding. */
export const pagesOfAcme = makePages({ languages, branding: acme });
