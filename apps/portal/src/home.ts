import { html, safeHref } from "@symbolon/html";
import type { HomeView } from "@symbolon/server";
import { mark, page } from "./layout.ts";
import { identifier } from "./untrusted-text.ts";

/** The page at the issuer's URL: what this server is, and where the metadata is. */
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
