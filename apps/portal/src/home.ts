import type { HomeView } from "@symbolon/server";
import { html, safeHref } from "@symbolon/html";
import { mark, page } from "./layout.ts";
import { identifier } from "./stranger-text.ts";

/** For whoever opens the issuer in a browser: what this is, and where to go on. */
export function home(view: HomeView): string {
  return page({
    assetsPath: view.assetsPath,
    title: "Authorization server",
    body: html`<div class="card">
<header class="lead">
${mark(view.assetsPath)}
<h1>This server looks after access</h1>
<p>Applications send you here when they want to use your account, and you decide. To start, go back to the application.</p>
<p>${identifier(view.issuer)}</p>
</header>
<p class="footnote">For developers: <a href="${safeHref(view.metadataHref)}">metadata</a></p>
</div>`,
  });
}
