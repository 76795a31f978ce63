import { html, type Html } from "@symbolon/html";
import type { RedirectView } from "@symbolon/server";
import { identifier } from "./untrusted-text.ts";

/** Where the browser is sent, in words. */
export function destination(to: RedirectView["to"]): Html {
  switch (to.kind) {
    case "web":
      return html`<strong>${identifier(to.host, 260)}</strong>`;
    case "loopback":
      return html`<strong>this computer</strong>, to a program that runs on it`;
    case "app":
      return html`an app on this device, <strong>${identifier(to.scheme, 120)}</strong>`;
    case "here":
      return html`the next page`;
  }
}
