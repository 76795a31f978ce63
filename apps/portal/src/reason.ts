import { html, safeHref, type Html } from "@symbolon/html";
import type { ReasonView } from "@symbolon/server";
import { page } from "./layout.ts";
import { identifier, untrusted, sanitize } from "./untrusted-text.ts";

/**
 * The page behind `error_uri` (RFC 6749 §5.2). A person who lands there reads what happened first. The part for the
 * developer whose request was refused is open, because most visitors are developers.
 */
export function reason(view: ReasonView): string {
  return page({
    assetsPath: view.assetsPath,
    title: sanitize(view.name),
    width: "wide",
    body: html`<article class="card">
<header>
<h1>${untrusted(view.person.title, 100)}</h1>
<p class="message">${untrusted(view.person.message, 300)}</p>
<p class="action">${untrusted(view.person.action, 300)}</p>
</header>
<details class="developer" open>
<summary>For developers</summary>
<p class="badges"><code>${identifier(view.name)}</code>${view.error === view.name ? undefined : html` <code>${identifier(view.error)}</code>`} <span>HTTP ${view.status}</span></p>
<section><h2>What is wrong</h2><p>${untrusted(view.message, 600)}</p></section>
${view.remedy === "" ? undefined : html`<section><h2>What to do</h2><p>${untrusted(view.remedy, 1200)}</p></section>`}
${view.open ? undefined : html`<section><h2>Who sees it</h2><p>Only the server's log. The application gets the error code alone.</p></section>`}
<section><h2>Clause</h2><p>${clause(view.clause)}</p></section>
${causes(view)}
</details>
</article>`,
  });
}

function causes({ causes }: ReasonView): Html | undefined {
  if (causes === undefined || causes.length === 0) return undefined;
  return html`<section><h2>Causes</h2>
<ul class="causes">
${causes.map(({ name, message, href }) => html`<li><a href="${safeHref(href)}"><code>${identifier(name)}</code></a><span class="detail">${untrusted(message, 600)}</span></li>\n`)}</ul></section>`;
}

/** Links "RFC 6749 §4.1.2.1" to that section. */
function clause(text: string): Html {
  const found = /^RFC (\d{1,5})(?: §(\d+(?:\.\d+)*))?/.exec(text);
  if (found === null) return untrusted(text, 160);
  const section = found[2] === undefined ? "" : `#section-${found[2]}`;
  return html`<a href="https://www.rfc-editor.org/rfc/rfc${found[1]}${section}">${untrusted(text, 160)}</a>`;
}
