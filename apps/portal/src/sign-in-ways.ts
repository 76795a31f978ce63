import { html, safeHref } from "@symbolon/html";
import type { SignInWaysView } from "@symbolon/server";
import type { Frame } from "./frame.ts";
import { alert, hiddenFields, mark, page } from "./layout.ts";
import { signInHeading, signInTitle } from "./sign-in.ts";
import { untrusted } from "./untrusted-text.ts";

/** Leads to where the person signs in. The operator names the ways; anyone can have named the application. */
export function signInWays(view: SignInWaysView, frame: Frame): string {
  const { text } = frame.language;
  const application = untrusted(view.applicationName, 60);
  const kind = errors.includes(view.problem) ? "error" : "notice";
  return page(frame, {
    title: signInTitle(view.applicationName, frame),
    body: html`<div class="card">
<header class="lead">
${mark(frame)}
<h1>${signInHeading(frame)}</h1>
<p>${text("sign_in.continue", { application: html`<strong>${application}</strong>` })}</p>
</header>
${view.problem === undefined ? undefined : alert("problem", kind, text(`ways.${view.problem}`))}
<form method="post" action="${safeHref(view.form.action)}">
${hiddenFields(view.form)}${view.ways.map(
      ({ name, label }) =>
        html`<div class="actions"><button class="primary" type="submit" name="way" value="${name}">${text("ways.continue_with", { way: untrusted(label, 60) })}</button></div>`,
    )}
</form>
<form class="cancel" method="post" action="${safeHref(view.cancel.action)}">
${hiddenFields(view.cancel)}<button class="plain" type="submit">${text("sign_in.cancel", { application: html`<span class="name">${application}</span>` })}</button>
</form>
</div>`,
  });
}

const errors: readonly SignInWaysView["problem"][] = ["no_cookie", "not_reached", "failed", "not_allowed"];
