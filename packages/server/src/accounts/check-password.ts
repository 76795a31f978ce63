import type { DeviceCookie, Password } from "@symbolon/protocol";
import type { Deps } from "../deps.ts";
import type { SignInFailure } from "../events.ts";
import type { LimitKind } from "../limits/limiter.ts";
import { rangeOf } from "../limits/network-range.ts";
import type { Account } from "./account.ts";
import { normaliseEmail } from "./email.ts";
import { deviceKnownTo } from "./known-device.ts";

export type SignInAttempt = {
  typedEmail: string;
  password: Password;
  network: string;
  device: DeviceCookie | undefined;
};

type Problem = "wrong_credentials" | "too_many_attempts" | "busy";
export type CheckedPassword = { account: Account } | { problem: Problem; retryAfterSeconds?: number };

/**
 * Checks e-mail address and password. Takes the same time and gives the same answer for known and unknown accounts
 * (WB-12). Failures are limited (docs/decisions/0047-a-known-device-is-not-locked-out.md): each attempt is counted in
 * every limit of `limitsOf`, and passes when none of them is exceeded.
 */
export async function checkPassword(
  { typedEmail, password, network, device: cookie }: SignInAttempt,
  deps: Pick<Deps, "emit" | "keyring" | "limiter" | "passwords" | "store">,
): Promise<CheckedPassword> {
  const { emit, limiter, passwords, store } = deps;
  const email = normaliseEmail(typedEmail);
  const account = email === undefined ? undefined : await store.accounts.findByEmail(email);
  const device = deviceKnownTo(account, cookie, deps);
  const limits = limitsOf(email ?? "", network, device);
  const waitSeconds = () => Math.max(...limits.map(([kind, key]) => limiter.peek(kind, key)));

  const fail = (reason: SignInFailure, problem: Problem, retryAfterSeconds?: number): CheckedPassword => {
    emit({
      name: "account.sign_in_failed",
      reason,
      network,
      ...(account === undefined ? {} : { account: account.id }),
    });
    return { problem, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) };
  };

  const waitBefore = waitSeconds();
  if (waitBefore > 0) return fail("account_too_fast", "too_many_attempts", waitBefore);
  const matches = await passwords.verify(
    account,
    password,
    account === undefined || device === undefined ? { range: rangeOf(network) } : { account: account.id },
  );
  if (matches === "busy") return fail("sign_in_busy", "busy", 5);
  const waitAfter = waitSeconds(); // of guesses that were checked at the same time, only the first few get an answer
  if (waitAfter > 0) return fail("account_too_fast", "too_many_attempts", waitAfter);
  if (matches && account?.suspendedAt === null) return { account };

  for (const [kind, key] of limits) limiter.take(kind, key);
  return fail(matches ? "suspended" : "wrong_credentials", "wrong_credentials");
}

/**
 * The limits that a failed sign-in counts in. For a known device only its own: the failures of others never lock it
 * out. For every other browser those of the account, more tightly per account and range, and per account and network,
 * so that guesses from elsewhere lock the user out late; and those of network and range for all accounts together,
 * against one password that is tried on many (OP-03, OP-14).
 */
function limitsOf(
  email: string,
  network: string,
  device: string | undefined,
): readonly (readonly [LimitKind, string])[] {
  if (device !== undefined) return [["sign_in_failures_of_device", `${email}\0${device}`]];
  const range = rangeOf(network);
  return [
    ["sign_in_failures", email],
    ["sign_in_failures_from_range", `${email}\0${range}`],
    ["sign_in_failures_from_network", `${email}\0${network}`],
    ["sign_in_failures_of_range", range],
    ["sign_in_failures_of_network", network],
  ];
}
