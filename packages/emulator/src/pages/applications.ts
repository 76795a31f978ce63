import type { Control } from "../control/control.ts";
import type { Application } from "../provider/application.ts";
import type { Provider } from "../provider/provider.ts";
import { frame, scrolling, table, timeText } from "./frame.ts";
import { misbehaviours } from "../faults/fault.ts";
import { html, type Html } from "@symbolon/html";

/** The applications with their credentials, which are made up and can be shown. */
export const applicationsPage = (control: Control, provider: Provider): string =>
  frame(
    "",
    html`<h1>Applications</h1>
${control.applications().map((application) => card(application, provider))}
<div class="card"><h2>People who can consent</h2>
${table(
  ["Name", "Id", "Can give access to"],
  provider.people.map(
    ({ id, name, resources }) =>
      html`<tr><td>${name}</td><td><code>${id}</code></td><td>${resources.map((one) => one.name).join(", ") || "their account"}</td></tr>\n`,
  ),
)}</div>
${clock(control, provider)}
<div class="card"><h2>Active faults</h2>${faults(control)}${faultForm(provider)}</div>`,
    control,
    provider,
  );

function card(application: Application, { profile }: Provider): Html {
  const facts: [string, Html | string][] = [
    ["client_id", html`<code>${application.clientId}</code>`],
    [
      "client_secret",
      application.clientSecret === null ? "none: a public client" : html`<code>${application.clientSecret}</code>`,
    ],
    ["Redirect URIs", html`${application.redirectUris.map((uri) => html`<code>${uri}</code><br>`)}`],
    ["Scope", application.scope === null ? "every scope" : application.scope.join(" ")],
  ];
  if (profile.dialect.name === "fitbit")
    facts.push(["Type", `${application.type}, ${application.readWrite ? "Read & Write" : "Read-Only"}`]);
  if (profile.dialect.name === "gusto")
    facts.push(["Default API version", application.minimumApiVersion ?? "the latest"]);
  return html`<div class="card"><h2>${application.name} ${application.suspended ? html`<span class="tag bad">suspended</span>` : undefined}</h2>
${scrolling(
  undefined,
  facts.map(([name, value]) => html`<tr><th scope="row">${name}</th><td>${value}</td></tr>\n`),
)}</div>
`;
}

const clock = (control: Control, { url }: Provider): Html =>
  html`<div class="card"><h2>Clock</h2>
<p class="says">${timeText(control.now())}</p>
<form class="fields" method="post" action="${url}/emulator/clock">
<label>Seconds to advance <input name="seconds" type="number" value="3600" required></label>
<button type="submit">Advance the clock</button>
</form></div>`;

const faultForm = ({ url }: Provider): Html =>
  html`<form class="fields" method="post" action="${url}/emulator/faults">
<label>Fault <select name="what">${misbehaviours.map((what) => html`<option>${what}</option>`)}</select></label>
<label>Operation <input name="operation" placeholder="every operation" autocapitalize="none" spellcheck="false"></label>
<label>Times <input name="times" type="number" min="1" value="1"></label>
<label>Status <input name="status" type="number" min="200" max="599" placeholder="for status, html"></label>
<label>ms <input name="ms" type="number" min="0" placeholder="for delay"></label>
<label>ms per byte <input name="msPerByte" type="number" min="0" placeholder="for slow_body"></label>
<button type="submit">Add the fault</button>
</form>
<form class="fields" method="post" action="${url}/emulator/clear-faults"><button type="submit">Clear all faults</button></form>`;

function faults(control: Control): Html {
  if (control.faults().length === 0) return html`<p class="says">None.</p>`;
  return table(
    ["Id", "Fault", "Matching requests", "Applied"],
    control
      .faults()
      .map(
        ({ id, fault, matched, struck }) =>
          html`<tr><td>${id}</td><td><code>${JSON.stringify(fault)}</code></td><td>${matched}</td><td>${struck}</td></tr>\n`,
      ),
  );
}
