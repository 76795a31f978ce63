import type { Control } from "../control/control.ts";
import type { LoggedRequest } from "../control/log.ts";
import type { Provider } from "../provider/provider.ts";
import { frame, table, timeText } from "./frame.ts";
import { html, type Html } from "@symbolon/html";

const shown = 200;

/** The latest requests, newest first. Secrets are fingerprints. */
export function requestsPage(control: Control, provider: Provider): string {
  const latest = control.requests().slice(-shown).toReversed();
  return frame(
    "/requests",
    html`<h1>Requests</h1>
<div class="card">${latest.length === 0 ? html`<p class="says">None yet.</p>` : table(["No.", "Time", "Request", "Parameters", "EmulatorResponse", "Fault"], latest.map(row))}</div>
<p class="says">Secrets are shown as fingerprints in brackets: the same secret has the same one, here and under Grants.</p>`,
    control,
    provider,
  );
}

const row = ({
  number,
  at,
  method,
  path,
  operation,
  parameters,
  authorization,
  status,
  error,
  fault,
}: LoggedRequest): Html => html`<tr>
<td>${number}</td><td>${timeText(Math.floor(at / 1000))}</td><td>${method} <code>${path}</code><br><span class="soft">${operation}</span></td>
<td class="mono">${authorization === undefined ? undefined : html`Authorization: ${authorization}<br>`}${Object.entries(parameters).map(([name, value]) => html`${name}=${value}<br>`)}</td>
<td><span class="tag${status >= 400 ? " bad" : ""}">${status}</span> ${error}</td><td>${fault === undefined ? undefined : html`<span class="tag note">${fault}</span>`}</td>
</tr>
`;
