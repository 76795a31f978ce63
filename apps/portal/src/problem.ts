import { html, safeHref } from "@symbolon/html";
import type { ProblemView } from "@symbolon/server";
import type { Frame } from "./frame.ts";
import { inEnglish, mark, page } from "./layout.ts";
import { messagesOf } from "./situation.ts";
import { identifier, untrusted } from "./untrusted-text.ts";

/** The page of a refusal: what happened and what the person can do; the part for developers is folded. */
export function problem(view: ProblemView, frame: Frame): string {
  const { text, plain } = frame.language;
  const { title, message, action } = messagesOf(view.situation);
  return page(frame, {
    title: plain(title),
    body: html`<div class="card">
<header class="lead">
${mark(frame)}
<h1>${text(title)}</h1>
<p>${text(message)}</p>
<p class="action">${text(action)}</p>
</header>
<details class="developer">
<summary>${text("developers")}</summary>
<p${inEnglish}>${untrusted(view.reason.message, 600)}</p>
${view.reason.remedy === "" ? undefined : html`<p${inEnglish}>${untrusted(view.reason.remedy, 1200)}</p>`}
<p><a href="${safeHref(view.reason.href)}"><code>${identifier(view.reason.name)}</code></a> · HTTP ${view.status}</p>
</details>
<p class="footnote">${text("problem.request_id", { id: html`<code>${identifier(view.requestId)}</code>` })}</p>
</div>`,
  });
}
