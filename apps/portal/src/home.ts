import { html, safeHref } from "@symbolon/html";
import type { HomeView } from "@symbolon/server";
import type { Frame } from "./frame.ts";
import { mark, page } from "./layout.ts";
import { identifier, untrusted } from "./untrusted-text.ts";

const hostOf = (issuer: string): string => issuer.replace(/^https?:\/\//, "");

/** The page at the issuer's URL: what this server is, and where the metadata is. */
export function home(view: HomeView, frame: Frame): string {
  const { text, plain } = frame.language;
  const signOut = html`<a href="${safeHref(view.signOutHref)}">${text("sign_out.submit")}</a>`;
  const { provider } = frame.look;
  const site = provider === undefined ? identifier(hostOf(view.issuer), 260) : untrusted(provider, 60);
  return page(frame, {
    title: plain("home.title"),
    body: html`<div class="card">
<header class="lead">
${mark(frame)}
<h1>${text("home.heading", { site })}</h1>
<p>${text("home.message")}</p>
</header>
<p class="footnote">${text("home.sign_out", { link: signOut })}</p>
<details class="developer">
<summary>${text("developers")}</summary>
<p>${text("home.issuer", { issuer: html`<code>${identifier(view.issuer, 260)}</code>` })}</p>
<p><a href="${safeHref(view.metadataHref)}">${text("home.metadata")}</a> (RFC 8414)</p>
</details>
</div>`,
  });
}
