import { html, safeHref, type Html } from "@symbolon/html";
import type { ReasonView } from "@symbolon/server";
import type { Frame } from "./frame.ts";
import type { Language } from "./languages/language.ts";
import { inEnglish, page } from "./layout.ts";
import { messagesOf } from "./situation.ts";
import { identifier, untrusted, sanitize } from "./untrusted-text.ts";

/**
 * The page behind `error_uri` (RFC 6749 §5.2). A person who lands there reads what happened first. The part for the
 * developer whose request was refused is open, because most visitors are developers.
 */
export function reason(view: ReasonView, frame: Frame): string {
  const { text } = frame.language;
  const { title, message, action } = messagesOf(view.situation);
  return page(frame, {
    title: sanitize(view.name),
    width: "wide",
    body: html`<article class="card">
<header>
<h1>${text(title)}</h1>
<p class="message">${text(message)}</p>
<p class="action">${text(action)}</p>
</header>
<details class="developer" open>
<summary>${text("developers")}</summary>
<p class="badges"><code>${identifier(view.name)}</code>${view.error === view.name ? undefined : html` <code>${identifier(view.error)}</code>`} <span>HTTP ${view.status}</span></p>
<section><h2>${text("reason.message")}</h2><p${inEnglish}>${untrusted(view.message, 600)}</p></section>
${view.remedy === "" ? undefined : html`<section><h2>${text("reason.remedy")}</h2><p${inEnglish}>${untrusted(view.remedy, 1200)}</p></section>`}
${view.open ? undefined : html`<section><h2>${text("reason.seen_by")}</h2><p>${text("reason.log_only")}</p></section>`}
<section><h2>${text("reason.clause")}</h2><p>${clause(view.clause)}</p></section>
${causes(view, frame.language)}
</details>
</article>`,
  });
}

function causes({ causes }: ReasonView, { text }: Language): Html | undefined {
  if (causes === undefined || causes.length === 0) return undefined;
  return html`<section><h2>${text("reason.causes")}</h2>
<ul class="causes">
${causes.map(({ name, message, href }) => html`<li${inEnglish}><a href="${safeHref(href)}"><code>${identifier(name)}</code></a><span class="detail">${untrusted(message, 600)}</span></li>\n`)}</ul></section>`;
}

/** Links "RFC 6749 §4.1.2.1" to that section. */
function clause(text: string): Html {
  const found = /^RFC (\d{1,5})(?: §(\d+(?:\.\d+)*))?/.exec(text);
  if (found === null) return untrusted(text, 160);
  const section = found[2] === undefined ? "" : `#section-${found[2]}`;
  return html`<a href="https://www.rfc-editor.org/rfc/rfc${found[1]}${section}">${untrusted(text, 160)}</a>`;
}
