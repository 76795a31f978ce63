import { readImage, type Branding } from "../src/index.ts";

const wordmark = Buffer.from(
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 60"><path fill="#6d1f7a" d="M8 52 32 8l24 44H44l-4-9H24l-4 9z"/><circle cx="92" cy="30" r="20" fill="#6d1f7a"/><rect x="126" y="10" width="104" height="40" rx="8" fill="#6d1f7a"/></svg>`,
);

const read = readImage(wordmark);
if (!read.ok) throw new Error(read.message);

/** A provider with a wide logo and colours of its own. */
export const acme = {
  name: "Acme",
  accent: { light: "#6d1f7a", dark: "#dfa0ea" },
  logo: read.image,
  support: "https://acme.example/help",
} as const satisfies Branding;
