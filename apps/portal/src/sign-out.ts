import { html, safeHref } from "@symbolon/html";
import type { SignOutView } from "@symbolon/server";
import type { Frame } from "./frame.ts";
import { hiddenFields, mark, page } from "./layout.ts";
import { identifier } from "./untrusted-text.ts";

/** Asks before it signs out; afterwards, or for a visitor, it says that no user is signed in. */
export function signOut(view: SignOutView, frame: Frame): string {
  const { text, plain } = frame.language;
  const title = view.email === undefined ? "sign_out.done" : "sign_out.question";
  return page(frame, {
    title: plain(title),
    body: html`<div class="card">
<header class="lead">
${mark(frame)}
<h1>${text(title)}</h1>
<p>${
      view.email === undefined
        ? text("sign_out.no_account")
        : text("sign_out.signed_in_as", { account: html`<strong>${identifier(view.email, 120)}</strong>` })
    }</p>
</header>
${
  view.email === undefined
    ? undefined
    : html`<form method="post" action="${safeHref(view.form.action)}">
${hiddenFields(view.form)}<div class="actions"><button class="primary" type="submit">${text("sign_out.submit")}</button></div>
</form>`
}
<p class="footnote">${text("sign_out.footnote")}</p>
</div>`,
  });
}
