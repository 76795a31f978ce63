import { refuse, Sealed, type Password } from "@symbolon/protocol";
import { checkPassword } from "../accounts/check-password.ts";
import { rememberDevice } from "../accounts/known-device.ts";
import { findSignedInUser, nameOfSession, startSession } from "../accounts/session.ts";
import { refusalScreen, type BrowserRequest, type Screen } from "../authorize/screen.ts";
import { signInScreen } from "../authorize/sign-in-screen.ts";
import { sealTransaction } from "../authorize/transaction.ts";
import type { Deps } from "../deps.ts";
import type { SignInMethod, SignInRequest } from "./method.ts";

/** People sign in on a page of this server, with e-mail address and password. */
export const builtInAccounts: SignInMethod = {
  begin: async ({ transaction, application, request, notice }, deps) => {
    const isPosted = notice === "form_outdated" || notice === "no_cookie";
    const email = isPosted ? typedEmailOf(request) : transaction.loginHint;
    return signInScreen(transaction, application, request, deps, { email, problem: notice });
  },
  answer: checkForm,
  comeBack: async (_request, deps) => refusalScreen(refuse("sign_in_unknown"), deps),
};

/** Checks e-mail address and password, starts a session, and leads to consent. */
async function checkForm({ transaction, application, request }: SignInRequest, deps: Deps): Promise<Screen> {
  const { form, cookies } = request;
  const typedEmail = form.get("email") ?? "";
  const password: Password = new Sealed((form.get("password") ?? "").slice(0, longestPassword));
  const attempt = await checkPassword({ typedEmail, password, network: request.network, device: cookies.device }, deps);
  if ("problem" in attempt)
    return signInScreen(transaction, application, request, deps, { email: typedEmailOf(request), ...attempt });

  const earlier = await findSignedInUser(cookies.session, deps);
  if (earlier !== undefined) await deps.store.sessions.delete(earlier.session.digest);
  const { cookie, session } = await startSession(attempt.account, deps);
  const device = rememberDevice(attempt.account, cookies.device, deps);
  deps.emit({ name: "account.signed_in", account: attempt.account.id });
  const next = sealTransaction({ ...transaction, signedInBy: nameOfSession(session) }, deps);
  return { show: "next", transaction: next, cookies: { session: cookie, device } };
}

/** To show it again. */
const typedEmailOf = ({ form }: BrowserRequest): string => (form.get("email") ?? "").slice(0, 254);

/** In UTF-16 code units. */
const longestPassword = 1024;
