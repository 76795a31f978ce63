import { html, safeHref } from "@symbolon/html";
import type { SignInWaysView } from "@symbolon/server";
import type { Frame } from "./frame.ts";
import { alert, hiddenFields, page } from "./layout.ts";
import { cancelSignIn, signInLead, signInTitle } from "./sign-in.ts";
import { untrusted } from "./untrusted-text.ts";

/** Leads to where the person signs in. The operator names the ways; anyone can have named the application. */
export function signInWays(view: SignInWaysView, frame: Frame): string {
  const { text } = frame.language;
  const kind = errors.includes(view.problem) ? "error" : "notice";
  return page(frame, {
    title: signInTitle(view.applicationName, frame),
    body: html`<div class="card">
${signInLead(view.applicationName, frame)}
${view.problem === undefined ? undefined : alert("problem", kind, text(`ways.${view.problem}`))}
<form method="post" action="${safeHref(view.form.action)}">
${hiddenFields(view.form)}${view.ways.map(
      ({ name, label }) =>
        html`<div class="actions"><button class="primary" type="submit" name="way" value="${name}">${text("ways.continue_with", { way: untrusted(label, 60) })}</button></div>`,
    )}
</form>
${cancelSignIn(view, frame)}
</div>`,
  });
}

const errors: readonly SignInWaysView["problem"][] = ["no_cookie", "not_reached", "failed", "not_allowed"];
