import { Sealed, type DeviceCookie } from "@symbolon/protocol";
import type { Deps } from "../deps.ts";
import type { Account } from "./account.ts";

type OfAccount = Pick<Account, "id" | "passwordHash">;

/** A browser that several people use is remembered for the last of them. */
const maximumAccounts = 4;
const pattern = /^[A-Za-z0-9_-]{22}(?:\.[A-Za-z0-9_-]{43}){1,4}$/;

/**
 * The id of the device, if this account was signed in on it with the password that it has now; else `undefined`. Other
 * people's failed sign-ins do not keep such a device out (OP-14). The work is the same for every account and for none
 * (WB-12).
 */
export function deviceKnownTo(
  account: OfAccount | undefined,
  cookie: DeviceCookie | undefined,
  { keyring }: Pick<Deps, "keyring">,
): string | undefined {
  const { device, macs } = readDevice(cookie);
  const matches = macs.filter((mac) => keyring.isSealed("device", messageOf(device, account), mac));
  return account !== undefined && matches.length > 0 ? device : undefined;
}

/**
 * The cookie after a sign-in: a random id of the device and, for each of the last four accounts, a MAC over the id, the
 * account and its password hash. So it ends with the password, and needs no row. It is no sign-in.
 */
export function rememberDevice(
  account: OfAccount,
  cookie: DeviceCookie | undefined,
  { keyring, random }: Pick<Deps, "keyring" | "random">,
): DeviceCookie {
  const known = readDevice(cookie);
  const device = known.device === "" ? Buffer.from(random(16)).toString("base64url") : known.device;
  const message = messageOf(device, account);
  const others = known.macs.filter((mac) => !keyring.isSealed("device", message, mac));
  return new Sealed([device, keyring.seal("device", message), ...others].slice(0, 1 + maximumAccounts).join("."));
}

function readDevice(cookie: DeviceCookie | undefined): { device: string; macs: readonly string[] } {
  const value = cookie?.reveal() ?? "";
  const [device = "", ...macs] = pattern.test(value) ? value.split(".") : [];
  return { device, macs };
}

const messageOf = (device: string, account: OfAccount | undefined): string =>
  `${device}\0${account?.id ?? ""}\0${account?.passwordHash ?? ""}`;
