import { html, safeHref } from "@symbolon/html";
import type { SignOutView } from "@symbolon/server";
import { hiddenFields, mark, page } from "./layout.ts";
import { identifier } from "./untrusted-text.ts";

/** Asks before it signs out; afterwards, or for a visitor, it says that no user is signed in. */
export function signOut(view: SignOutView): string {
  const title = view.email === undefined ? "You are signed out" : "Sign out?";
  return page({
    assetsPath: view.assetsPath,
    title,
    body: html`<div class="card">
<header class="lead">
${mark(view.assetsPath)}
<h1>${title}</h1>
${
  view.email === undefined
    ? html`<p>No account is signed in on this browser.</p>`
    : html`<p>You are signed in as <strong>${identifier(view.email, 120)}</strong></p>`
}
</header>
${
  view.email === undefined
    ? undefined
    : html`<form method="post" action="${safeHref(view.form.action)}">
${hiddenFields(view.form)}<div class="actions"><button class="primary" type="submit">Sign out</button></div>
</form>`
}
<p class="footnote">Applications that you have allowed keep their access.</p>
</div>`,
  });
}
