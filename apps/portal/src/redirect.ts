import { html, safeAppHref } from "@symbolon/html";
import type { RedirectView } from "@symbolon/server";
import { destination } from "./destination.ts";
import { mark, page } from "./layout.ts";

/**
 * The page that goes on by itself, and says what to do if nothing happens: no program may handle the scheme of an app,
 * and some browsers open an app only after a click.
 */
export function redirect(view: RedirectView): string {
  const href = safeAppHref(view.location);
  return page({
    assetsPath: view.assetsPath,
    title: "One moment",
    goesOnTo: href,
    body: html`<div class="card">
<header class="lead">
${mark(view.assetsPath)}
<h1>One moment</h1>
<p>Your answer goes to ${destination(view.to)}.</p>
</header>
<p class="actions"><a class="primary" href="${href}">${view.to.kind === "app" ? "Open the app" : "Continue"}</a></p>
${view.to.kind === "app" ? noApp : undefined}</div>`,
  });
}

const noApp = html`<p class="footnote">If nothing opens, choose “Open the app”. If that does nothing either, the app is not on this device: open the application that sent you here, and start again there.</p>
`;
