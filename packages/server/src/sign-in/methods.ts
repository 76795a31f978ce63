import type { ServerConfig } from "../config.ts";
import { builtInAccounts } from "./built-in-accounts.ts";
import { handOff } from "./hand-off.ts";
import type { SignInMethod } from "./method.ts";

/** The way in which people sign in at this server. */
export function signInMethodOf({ signIn = { kind: "accounts" } }: Pick<ServerConfig, "signIn">): SignInMethod {
  switch (signIn.kind) {
    case "accounts":
      return builtInAccounts;
    case "handOff":
      return handOff(signIn);
  }
}
