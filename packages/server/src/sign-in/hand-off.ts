import { refuse } from "@symbolon/protocol";
import { findSignedInUser, nameOfSession } from "../accounts/session.ts";
import { checkClient } from "../authorize/open-transaction.ts";
import { refusalLocation } from "../authorize/redirect.ts";
import { refusalScreen, type BrowserRequest, type Screen } from "../authorize/screen.ts";
import type { Deps } from "../deps.ts";
import { continueSignedIn, finishSignIn } from "./finish.ts";
import { claim, findAnswer, sessionOf } from "./hand-off-answer.ts";
import type { SignInMethod, SignInRequest } from "./method.ts";
import { isOfBrowser, newSignInId, readSignInId } from "./request-id.ts";
import type { HandOffSetting } from "./setting.ts";
import { browserOf, waysScreen } from "./ways-screen.ts";

/**
 * People sign in on a page of the provider's own (docs/decisions/0083-a-sign-in-elsewhere-travels-in-its-id.md). It
 * gets the id of the sign-in; the provider's server answers over the management API, and the browser that left comes
 * back.
 */
export const handOff = (setting: HandOffSetting): SignInMethod => ({
  begin: async (asked, deps) =>
    asked.notice === "form_outdated" || asked.notice === "no_cookie"
      ? waysScreen(asked, [wayTo(setting)], asked.notice, deps)
      : leave(asked, setting, deps),
  answer: async ({ sealed }) => ({ show: "next", transaction: sealed }),
  comeBack: (request, deps) => comeBack(request, setting, deps),
});

const wayTo = ({ url }: HandOffSetting) => ({ name: "", label: new URL(url).host });

function leave({ transaction, request }: SignInRequest, { url }: HandOffSetting, deps: Deps): Screen {
  const { browser, set } = browserOf(request, deps);
  const id = newSignInId(transaction, { browser, returnTo: request.signInReturn }, deps);
  return { show: "redirect", location: `${url}${url.includes("?") ? "&" : "?"}sign_in=${id}`, ...set };
}

/**
 * Signs in the browser that left, if the person signed in in it, and no other (SI-01, SI-02). A second visit of it goes
 * on where the first went.
 */
async function comeBack(request: BrowserRequest, setting: HandOffSetting, deps: Deps): Promise<Screen> {
  const underWay = readSignInId(request.form.get("sign_in") ?? "", deps);
  if (underWay === undefined) return refusalScreen(refuse("sign_in_unknown"), deps);
  const { transaction } = underWay;
  if (!isOfBrowser(underWay, request.cookies.browser, deps))
    return refusalScreen({ ...refuse("sign_in_other_browser"), client: transaction.client }, deps);
  const client = await checkClient(transaction, deps);
  if (!client.ok) return refusalScreen(client, deps);
  const asked = { transaction, application: client.value, request };
  const offerAgain = (problem: "expired" | "not_completed" | "used"): Screen =>
    waysScreen(asked, [wayTo(setting)], problem, deps);

  const answer = await findAnswer(underWay, request.form.get("sign_in_answer") ?? "", deps);
  if (answer === undefined) return offerAgain(underWay.isExpired ? "expired" : "not_completed");
  if ("refused" in answer) {
    const refusal = { reason: answer.refused };
    deps.emit({ name: "authorize.refused", ...refusal, client: transaction.client });
    return { show: "redirect", location: refusalLocation(transaction, refusal, deps.config) };
  }
  const { completed } = answer;
  if ((await sessionOf(underWay, deps)) === undefined) {
    const screen = await finishSignIn(asked, completed, deps, (session) => claim(underWay, session, deps));
    if (screen !== undefined) return screen;
  }
  const user = await findSignedInUser(request.cookies.session, deps);
  const isSame = user !== undefined && nameOfSession(user.session) === (await sessionOf(underWay, deps));
  return isSame ? await continueSignedIn(asked, user, completed.consent, deps) : offerAgain("used");
}
