import { html, safeAppHref } from "@symbolon/html";
import type { RedirectView } from "@symbolon/server";
import { destination } from "./destination.ts";
import type { Frame } from "./frame.ts";
import { mark, page } from "./layout.ts";

/**
 * The page that goes on by itself, and says what to do if nothing happens: no program may handle the scheme of an app,
 * and some browsers open an app only after a click.
 */
export function redirect(view: RedirectView, frame: Frame): string {
  const { text, plain } = frame.language;
  const href = safeAppHref(view.location);
  const isApp = view.to.kind === "app";
  const noApp = html`<p class="footnote">${text("redirect.no_app", { button: text("redirect.open_app") })}</p>
`;
  return page(frame, {
    title: plain("redirect.title"),
    goesOnTo: href,
    body: html`<div class="card">
<header class="lead">
${mark(frame)}
<h1>${text("redirect.title")}</h1>
<p>${text("redirect.goes_to", { destination: destination(view.to, frame.language) })}</p>
</header>
<p class="actions"><a class="primary" href="${href}">${text(isApp ? "redirect.open_app" : "redirect.continue")}</a></p>
${isApp ? noApp : undefined}</div>`,
  });
}
