import { html, safeHref } from "@symbolon/html";
import type { SignInView } from "@symbolon/server";
import { describeWait } from "./duration.ts";
import { alert, hiddenFields, mark, page } from "./layout.ts";
import { showPasswordScript } from "./show-password.ts";
import { untrusted, sanitize } from "./untrusted-text.ts";

/** An e-mail address has at most 254 characters (RFC 5321 §4.5.3.1.3, less the angle brackets). */
const longestEmail = 254;

export function signIn(view: SignInView): string {
  const wrong = view.problem === "wrong_credentials";
  const described = view.problem === undefined ? undefined : html` aria-describedby="problem"`;
  const invalid = wrong ? html` aria-invalid="true"` : undefined;
  const email = view.email.slice(0, longestEmail);
  const focusEmail = email === "" ? html` autofocus` : undefined;
  const focusPassword = email === "" ? undefined : html` autofocus`;
  return page({
    assetsPath: view.assetsPath,
    title: `${wrong ? "Error: " : ""}Sign in to continue to ${sanitize(view.applicationName, 60)}`,
    body: html`<div class="card">
<header class="lead">
${mark(view.assetsPath)}
<h1>Sign in</h1>
<p>to continue to <strong>${untrusted(view.applicationName, 60)}</strong></p>
</header>
${view.problem === undefined ? undefined : problemText(view)}
<form method="post" action="${safeHref(view.form.action)}">
${hiddenFields(view.form)}<div class="field">
<label for="email">Email</label>
<input id="email" name="email" type="email" inputmode="email" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="${longestEmail}" required value="${email}"${described}${invalid}${focusEmail}>
</div>
<div class="field">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required${described}${invalid}${focusPassword}>
<label class="reveal" hidden><input id="show-password" type="checkbox" autocomplete="off"> Show password</label>
</div>
<div class="actions"><button class="primary" type="submit">Sign in</button></div>
</form>
<form class="cancel" method="post" action="${safeHref(view.cancel.action)}">
${hiddenFields(view.cancel)}<button class="plain" type="submit">Cancel and go back to <span class="name">${untrusted(view.applicationName, 60)}</span></button>
</form>
</div>
${showPasswordScript}`,
  });
}

/** The same sentence for an unknown address and a wrong password: it must not reveal which accounts exist (WB-12). */
function problemText(view: SignInView) {
  const later =
    view.retryAfterSeconds === undefined ? "in a little while" : `in ${describeWait(view.retryAfterSeconds)}`;
  switch (view.problem) {
    case "wrong_credentials":
      return alert("problem", "error", "That email and password do not match. Check both and try again.");
    case "too_many_attempts":
      return alert("problem", "error", `Too many attempts. Try again ${later}.`);
    case "busy":
      return alert("problem", "notice", `Many people are signing in right now. Try again ${later}.`);
    case "sign_in_again":
      return alert("problem", "notice", "Please sign in again to continue.");
    case "expired":
      return alert("problem", "notice", "This page was open for a long time. Please sign in to continue.");
    case "form_outdated":
      return alert(
        "problem",
        "notice",
        "You opened this page more than once, and only the last one counts. Please sign in here to continue.",
      );
    case "no_cookie":
      return alert(
        "problem",
        "error",
        "Your browser keeps no cookie of this site, so we cannot sign you in. Allow cookies for this site and try again.",
      );
  }
}
