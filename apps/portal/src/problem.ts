import { html, safeHref } from "@symbolon/html";
import type { ProblemView } from "@symbolon/server";
import { mark, page } from "./layout.ts";
import { identifier, untrusted, sanitize } from "./untrusted-text.ts";

/** The page of a refusal: what happened, what the user can do, and the reason for the developer. */
export function problem(view: ProblemView): string {
  return page({
    assetsPath: view.assetsPath,
    title: sanitize(view.title, 100),
    body: html`<div class="card">
<header class="lead">
${mark(view.assetsPath)}
<h1>${untrusted(view.title, 100)}</h1>
<p>${untrusted(view.message, 600)}</p>
</header>
<p class="footnote">${view.status}${view.reason === undefined ? undefined : html` · <a href="${safeHref(view.reason.href)}">${identifier(view.reason.name)}</a>`}</p>
</div>`,
  });
}
