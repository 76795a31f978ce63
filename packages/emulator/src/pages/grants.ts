import type { Control } from "../control/control.ts";
import type { GrantView, PairView } from "../control/views.ts";
import type { Provider } from "../provider/provider.ts";
import { frame, table, timeText } from "./frame.ts";
import { html, type Html } from "@symbolon/html";

/** The grants with their token pairs: origin, first use, state, and why a grant ended. */
export function grantsPage(control: Control, provider: Provider): string {
  const grants = control.grants();
  return frame(
    "/grants",
    html`<h1>Grants</h1>
${grants.length === 0 ? html`<div class="card"><p class="says">None yet.</p></div>` : grants.toReversed().map((grant) => card(grant, provider))}`,
    control,
    provider,
  );
}

const card = (grant: GrantView, { url }: Provider): Html => html`<div class="card">
<h2>${grant.id} ${grant.state === "active" ? html`<span class="tag">active</span>` : html`<span class="tag bad">ended: ${grant.because ?? ""}</span>`}</h2>
<p class="says">${grant.person ?? "The application itself"}${grant.resource === null ? "" : `, ${grant.resource}`}, to <code>${grant.client}</code>: ${grant.scope}. Since ${timeText(grant.createdAt)}${grant.endedAt === null ? "" : `, until ${timeText(grant.endedAt)}`}.</p>
${table(["Pair", "Issued from", "Issued", "First used", "Access token", "Refresh token"], grant.pairs.map(row))}
${grant.state === "active" ? endForm(grant, url) : undefined}</div>
`;

const endForm = ({ id }: GrantView, url: string): Html =>
  html`<form class="fields" method="post" action="${url}/emulator/end-grant"><input type="hidden" name="grant" value="${id}"><button type="submit">End this grant</button></form>\n`;

const row = ({ serial, parent, issuedAt, usedAt, access, refresh }: PairView): Html => html`<tr>
<td>${serial}</td><td>${parent ?? "consent"}</td><td>${timeText(issuedAt)}</td><td>${usedAt === null ? "not yet" : timeText(usedAt)}</td>
<td><code>[${access.fingerprint}]</code> ${tag(access.state)}</td><td>${refresh === null ? "none" : html`<code>[${refresh.fingerprint}]</code> ${tag(refresh.state)}`}</td>
</tr>
`;

const tag = (state: "live" | "spent" | "dead" | "expired" | "revoked"): Html =>
  html`<span class="tag${state === "live" ? "" : state === "spent" || state === "expired" ? " note" : " bad"}">${state}</span>`;
