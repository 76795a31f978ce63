import { html, type Html } from "@symbolon/html";
import type { RedirectView } from "@symbolon/server";
import type { Language } from "./languages/language.ts";
import { identifier } from "./untrusted-text.ts";

/** Where the browser is sent, in words. */
export function destination(to: RedirectView["to"], { text }: Language): Html {
  switch (to.kind) {
    case "web":
      return html`<strong>${identifier(to.host, 260)}</strong>`;
    case "loopback":
      return text("destination.program", { computer: html`<strong>${text("destination.computer")}</strong>` });
    case "app":
      return text("destination.app", { app: html`<strong>${identifier(to.scheme, 120)}</strong>` });
    case "here":
      return text("destination.next_page");
  }
}
