import type { Control } from "../control/control.ts";
import type { Provider } from "../provider/provider.ts";
import { html, type Html } from "@symbolon/html";
import { documentOf } from "./layout.ts";

const places = {
  "": "Applications",
  "/requests": "Requests",
  "/grants": "Grants",
  "/assumptions": "Assumptions",
} as const;

/** The frame of the emulator's pages: navigation, provider and time. */
export function frame(here: keyof typeof places, body: Html, control: Control, { profile, url }: Provider): string {
  const links = Object.entries(places).map(
    ([path, name]) =>
      html`<a href="${url}/emulator${path}"${path === here ? html` aria-current="page"` : undefined}>${name}</a>\n`,
  );
  return documentOf(
    places[here],
    html`<nav>${links}</nav>
<p class="soft">${profile.name} at <code>${url}</code>, time there: ${timeText(control.now())}. ${profile.description}.</p>
${body}`,
    "wide",
  );
}

export const timeText = (epochSeconds: number): string =>
  new Date(epochSeconds * 1000).toISOString().replace("T", " ").replace(".000Z", " UTC");

export const table = (heads: readonly string[], rows: readonly Html[]): Html =>
  scrolling(html`<thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>`, rows);

/** A table that scrolls sideways on narrow screens, also by keyboard. */
export const scrolling = (head: Html | undefined, rows: readonly Html[]): Html =>
  html`<div class="scroll" role="group" aria-label="A table that scrolls sideways" tabindex="0"><table>${head}<tbody>
${rows}</tbody></table></div>`;
