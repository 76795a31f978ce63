import { findSignedInUser } from "../accounts/session.ts";
import type { Deps } from "../deps.ts";
import { continueTransaction } from "./continue.ts";
import { readAuthorizationRequest } from "./request.ts";
import { refusalScreen, type BrowserRequest, type Screen } from "./screen.ts";

/** GET or POST /oauth/authorize. @see RFC 6749 §4.1.1 */
export async function authorize(request: BrowserRequest, deps: Deps): Promise<Screen> {
  const asked = await readAuthorizationRequest(request.form, deps);
  if (!asked.ok) return refusalScreen(asked, deps);
  const user = await findSignedInUser(request.cookies.session, deps);
  return await continueTransaction(asked.transaction, asked.application, user, request, deps);
}
