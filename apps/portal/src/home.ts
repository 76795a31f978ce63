import { html, safeHref } from "@symbolon/html";
import type { HomeView } from "@symbolon/server";
import { mark, page } from "./layout.ts";
import { identifier } from "./untrusted-text.ts";

const hostOf = (issuer: string): string => issuer.replace(/^https?:\/\//, "");

/** The page at the issuer's URL: what this server is, and where the metadata is. */
export function home(view: HomeView): string {
  return page({
    assetsPath: view.assetsPath,
    title: "Sign-in and permissions",
    body: html`<div class="card">
<header class="lead">
${mark(view.assetsPath)}
<h1>Sign-in and permissions for ${identifier(hostOf(view.issuer), 260)}</h1>
<p>Applications send you here to sign in, and to ask what they may do with your account. To start, go to the application.</p>
</header>
<p class="footnote">Signed in on this browser? <a href="${safeHref(view.signOutHref)}">Sign out</a></p>
<details class="developer">
<summary>For developers</summary>
<p>Issuer <code>${identifier(view.issuer, 260)}</code></p>
<p><a href="${safeHref(view.metadataHref)}">Metadata</a> (RFC 8414)</p>
</details>
</div>`,
  });
}
