import { html, safeHref } from "@symbolon/html";
import type { ProblemView } from "@symbolon/server";
import { mark, page } from "./layout.ts";
import { identifier, untrusted, sanitize } from "./untrusted-text.ts";

/** The page of a refusal: what happened and what the person can do; the part for developers is folded. */
export function problem(view: ProblemView): string {
  return page({
    assetsPath: view.assetsPath,
    title: sanitize(view.title, 100),
    body: html`<div class="card">
<header class="lead">
${mark(view.assetsPath)}
<h1>${untrusted(view.title, 100)}</h1>
<p>${untrusted(view.message, 300)}</p>
<p class="action">${untrusted(view.action, 300)}</p>
</header>
<details class="developer">
<summary>For developers</summary>
<p>${untrusted(view.reason.message, 600)}</p>
${view.reason.remedy === "" ? undefined : html`<p>${untrusted(view.reason.remedy, 1200)}</p>`}
<p><a href="${safeHref(view.reason.href)}"><code>${identifier(view.reason.name)}</code></a> · HTTP ${view.status}</p>
</details>
<p class="footnote">Request id <code>${identifier(view.requestId)}</code></p>
</div>`,
  });
}
