import type { Image } from "./image.ts";

/** Whose pages these are: the people who sign in know the provider, and not this software. */
export type Branding = {
  /** As people know it: "Acme". */
  name: string;
  /** The colour of buttons and links on a light and on a dark page, as #rrggbb, checked with `describeContrast`. */
  accent?: { light: string; dark: string } | undefined;
  /** Without it, the first letter of the name. */
  logo?: Image | undefined;
  /** Without it, the logo. */
  favicon?: Image | undefined;
  /** Where people find help: an https or mailto address. */
  support?: string | undefined;
};
