import type { AuthorizationRequest } from "../authorize/authorization-request.ts";
import type { Provider } from "../provider/provider.ts";
import type { EmulatorRequest } from "../wire/message.ts";
import { html, type Html } from "@symbolon/html";
import { documentOf } from "./layout.ts";

/** The consent page. The user is selected on the page, because the emulator has no sign-in. */
export function consentPage(request: AuthorizationRequest, httpRequest: EmulatorRequest, provider: Provider): string {
  const { application } = request;
  return documentOf(
    `Allow ${application.name}?`,
    html`<div class="card">
<p class="soft">${provider.profile.name}, emulated</p>
<h1>Allow ${application.name} to use your account?</h1>
<form method="post" action="?${httpRequest.query}">
<input type="hidden" name="scope_shown" value="1">
${whoseAccount(provider)}
<fieldset><legend>It will be able to use</legend>
${request.scope.map((name) => html`<label class="choice"><input type="checkbox" name="scope" value="${name}" checked> <code>${name}</code></label>\n`)}</fieldset>
<p class="says">Your answer goes to <code>${request.redirectUri}</code></p>
<div class="actions"><button type="submit" name="decision" value="deny">Deny</button>
<button class="primary" type="submit" name="decision" value="allow">Allow</button></div>
</form>
</div>`,
  );
}

/** A selection of companies, which also selects the person, or a selection of people. */
const whoseAccount = (provider: Provider): Html => resources(provider) ?? people(provider);

const people = ({ people }: Provider): Html => html`<fieldset><legend>You are</legend>
${people.map(({ id, name }, at) => html`<label class="choice"><input type="radio" name="person" value="${id}"${at === 0 ? html` checked` : undefined}> ${name} <code class="soft">${id}</code></label>\n`)}</fieldset>`;

function resources({ people }: Provider): Html | undefined {
  const all = people.flatMap((person) => person.resources.map((resource) => ({ ...resource, of: person.name })));
  if (all.length === 0) return undefined;
  return html`<fieldset><legend>For</legend>
${all.map(({ id, name, of }, at) => html`<label class="choice"><input type="radio" name="resource" value="${id}"${at === 0 ? html` checked` : undefined}> ${name} <span class="soft">of ${of}</span></label>\n`)}</fieldset>`;
}
