import { z } from "zod";
import type { SignInSetting } from "@symbolon/server";

const loginUrl = z.string({ error: "must be the URL of your login page" }).refine(isLoginUrl, {
  error: "must be an https URL without a fragment, or http on this computer, such as https://your.example/login",
});

const handOffSchema = z.strictObject({ url: loginUrl }, { error: "must be an object with the url of your login page" });

/** Exactly one way to sign in. */
export const signInSchema = z
  .strictObject(
    { accounts: z.literal(true, { error: "must be true" }), handOff: handOffSchema },
    { error: "must be an object with one of accounts and handOff" },
  )
  .partial()
  .refine((ways) => Object.keys(ways).length === 1, { error: "must have exactly one of accounts and handOff" });

export const signInKeys: Readonly<Record<string, readonly string[]>> = {
  "": ["accounts", "handOff"],
  handOff: ["url"],
};

/** The setting of the server; `undefined` for built-in accounts. */
export function signInSettingOf(given: z.output<typeof signInSchema> | undefined): SignInSetting | undefined {
  return given?.handOff === undefined ? undefined : { kind: "handOff", url: given.handOff.url };
}

/** Plain http only to the computer itself: the address carries the id of a sign-in, and the page takes passwords. */
function isLoginUrl(value: string): boolean {
  if (!URL.canParse(value) || /[#\s]/.test(value) || value.length > 500) return false;
  const { protocol, hostname, searchParams, username } = new URL(value);
  const isLocal = protocol === "http:" && ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
  return (protocol === "https:" || isLocal) && username === "" && !searchParams.has("sign_in");
}
