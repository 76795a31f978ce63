import { html, safeHref, type Html } from "@symbolon/html";
import type { SignInView } from "@symbolon/server";
import type { Frame } from "./frame.ts";
import type { Language } from "./languages/language.ts";
import { alert, hiddenFields, mark, page } from "./layout.ts";
import { showPasswordScript } from "./show-password.ts";
import { untrusted, sanitize } from "./untrusted-text.ts";

/** An e-mail address has at most 254 characters (RFC 5321 §4.5.3.1.3, less the angle brackets). */
const longestEmail = 254;

export function signIn(view: SignInView, frame: Frame): string {
  const { text, plain } = frame.language;
  const wrong = view.problem === "wrong_credentials";
  const described = view.problem === undefined ? undefined : html` aria-describedby="problem"`;
  const invalid = wrong ? html` aria-invalid="true"` : undefined;
  const email = view.email.slice(0, longestEmail);
  const focusEmail = email === "" ? html` autofocus` : undefined;
  const focusPassword = email === "" ? undefined : html` autofocus`;
  const { provider } = frame.look;
  const title = signInTitle(view.applicationName, frame);
  return page(frame, {
    title: wrong ? plain("title.error", { title }) : title,
    body: html`<div class="card">
${signInLead(view.applicationName, frame)}
${problemText(view, frame.language)}
<form method="post" action="${safeHref(view.form.action)}">
${hiddenFields(view.form)}<div class="field">
<label for="email">${text("sign_in.email")}</label>
<input id="email" name="email" type="email" inputmode="email" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="${longestEmail}" required value="${email}"${described}${invalid}${focusEmail}>
</div>
<div class="field">
<label for="password">${provider === undefined ? text("sign_in.password") : text("sign_in.password_of", { provider: untrusted(provider, 60) })}</label>
<input id="password" name="password" type="password" autocomplete="current-password" required${described}${invalid}${focusPassword}>
<label class="reveal" hidden><input id="show-password" type="checkbox" autocomplete="off"> ${text("sign_in.show_password")}</label>
</div>
<div class="actions"><button class="primary" type="submit">${text("sign_in.submit")}</button></div>
</form>
${cancelSignIn(view, frame)}
</div>
${showPasswordScript}`,
  });
}

/** The title tells to whom one signs in, and for which application. */
export function signInTitle(applicationName: string, { language: { plain }, look: { provider } }: Frame): string {
  const application = sanitize(applicationName, 60);
  return provider === undefined
    ? plain("sign_in.title", { application })
    : plain("sign_in.title_of", { application, provider: sanitize(provider, 60) });
}

/** The top of a page on which people sign in. */
export const signInLead = (applicationName: string, frame: Frame): Html => html`<header class="lead">
${mark(frame)}
<h1>${signInHeading(frame)}</h1>
<p>${frame.language.text("sign_in.continue", { application: html`<strong>${untrusted(applicationName, 60)}</strong>` })}</p>
</header>`;

/** The way back to the application. */
export const cancelSignIn = (
  { cancel, applicationName }: Pick<SignInView, "cancel" | "applicationName">,
  { language: { text } }: Frame,
): Html => html`<form class="cancel" method="post" action="${safeHref(cancel.action)}">
${hiddenFields(cancel)}<button class="plain" type="submit">${text("sign_in.cancel", { application: html`<span class="name">${untrusted(applicationName, 60)}</span>` })}</button>
</form>`;

const signInHeading = ({ language: { text }, look: { provider } }: Frame): Html =>
  provider === undefined ? text("sign_in.heading") : text("sign_in.heading_of", { provider: untrusted(provider, 60) });

const errors: readonly SignInView["problem"][] = ["wrong_credentials", "too_many_attempts", "no_cookie"];

/** The same sentence for an unknown address and a wrong password: it must not reveal which accounts exist (WB-12). */
function problemText({ problem, retryAfterSeconds }: SignInView, { text, durations }: Language): Html | undefined {
  if (problem === undefined) return undefined;
  const when = retryAfterSeconds === undefined ? text("sign_in.later") : durations.from(retryAfterSeconds);
  return alert(
    "problem",
    errors.includes(problem) ? "error" : "notice",
    problem === "too_many_attempts" || problem === "busy"
      ? text(`sign_in.${problem}`, { when })
      : text(`sign_in.${problem}`),
  );
}
