import type { ProblemView } from "@symbolon/server";
import { html, safeHref } from "@symbolon/html";
import { mark, page } from "./layout.ts";
import { identifier, stranger, tame } from "./stranger-text.ts";

/** A dead end, told to a person: what happened, what to do, and one line for the developer who reads along. */
export function problem(view: ProblemView): string {
  return page({
    assetsPath: view.assetsPath,
    title: tame(view.title, 100),
    body: html`<div class="card">
<header class="lead">
${mark(view.assetsPath)}
<h1>${stranger(view.title, 100)}</h1>
<p>${stranger(view.message, 600)}</p>
</header>
<p class="footnote">${view.status}${view.reason === undefined ? undefined : html` · <a href="${safeHref(view.reason.href)}">${identifier(view.reason.name)}</a>`}</p>
</div>`,
  });
}
