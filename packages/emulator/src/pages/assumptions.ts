import type { Control } from "../control/control.ts";
import { assumptionHeader } from "../provider/assumption.ts";
import type { Provider } from "../provider/provider.ts";
import { frame, table } from "./frame.ts";
import { html } from "@symbolon/html";

/** What is not publicly known about this provider, what the emulator assumes, and the setting that changes it. */
export function assumptionsPage(control: Control, provider: Provider): string {
  const known = Object.entries(provider.profile.dialect.assumptions);
  const rows = known.map(
    ([id, { description, setting }]) =>
      html`<tr><td><code>${id}</code></td><td>${description}</td><td><code>${setting}</code></td></tr>\n`,
  );
  return frame(
    "/assumptions",
    html`<h1>Assumptions</h1>
<div class="card">${known.length === 0 ? html`<p class="says">None: this profile follows the RFCs.</p>` : table(["Id", "What is assumed", "Setting"], rows)}</div>
<p class="says">An answer that rests on an assumption has the header <code>${assumptionHeader}</code>.</p>`,
    control,
    provider,
  );
}
