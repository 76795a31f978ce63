import { html, safeHref, type Html } from "@symbolon/html";
import type { ConsentView } from "@symbolon/server";
import { destination } from "./destination.ts";
import { describeLifetime } from "./duration.ts";
import { alert, hiddenFields, mark, page } from "./layout.ts";
import { identifier, initial, mixesAlphabets, untrusted, sanitize } from "./untrusted-text.ts";

/**
 * The consent page. It shows what the user needs to decide: which application asks, where the answer goes, which
 * account is signed in, which scopes and resource, and how long the access lasts (RFC 6749 §10.2, WB-09).
 */
export function consent(view: ConsentView): string {
  return page({
    assetsPath: view.assetsPath,
    title: `${view.problem === undefined ? "" : "Error: "}Allow ${sanitize(view.applicationName, 60)}?`,
    body: html`<div class="card">
<header class="lead">
<div class="pair" aria-hidden="true"><span class="tile">${initial(view.applicationName)}</span><span class="link"></span>${mark(view.assetsPath)}</div>
<h1>Allow <span class="name">${untrusted(view.applicationName, 60)}</span> to use your account?</h1>
</header>
${lookAlike(view)}${account(view)}
<form method="post" action="${safeHref(view.form.action)}">
${hiddenFields(view.form)}${permissions(view)}
${choice(view)}
<dl class="facts">
${onlyResource(view)}<div><dt>Your answer goes to</dt><dd>${destination(view.redirect)}</dd></div>
<div><dt>Access lasts</dt><dd>${describeLifetime(view.lasts.absoluteSeconds, view.lasts.idleSeconds)}</dd></div>
</dl>
${buttons}
</form>
</div>`,
  });
}

/** Deny comes first: the Enter key presses the first button, and must not grant access by accident. */
const buttons = html`<div class="actions">
<button class="secondary" type="submit" name="decision" value="deny" formnovalidate>Deny</button>
<button class="primary" type="submit" name="decision" value="allow">Allow</button>
</div>`;

/** Warns of a name that mixes alphabets. Which name it imitates is for the user to judge. */
const lookAlike = ({ applicationName }: ConsentView): Html | undefined =>
  mixesAlphabets(applicationName)
    ? html`${alert("look-alike", "notice", "This name mixes letters of several alphabets, so it can look like another name. Check where your answer goes.")}
`
    : undefined;

function account(view: ConsentView): Html {
  return html`<form class="account" method="post" action="${safeHref(view.switchAccount.action)}">
${hiddenFields(view.switchAccount)}<p>Signed in as <strong>${identifier(view.email, 120)}</strong></p>
<button class="plain" type="submit">Use another account</button>
</form>`;
}

function permissions(view: ConsentView): Html | undefined {
  if (view.scopes.length === 0) return undefined;
  return html`<section aria-labelledby="permissions">
<h2 id="permissions">It will be able to</h2>
<ul class="permissions">
${view.scopes.map(permission)}</ul>
</section>`;
}

function permission({ name, title, detail }: ConsentView["scopes"][number]): Html {
  const more =
    detail === undefined || detail === "" ? undefined : html`<span class="detail">${untrusted(detail, 240)}</span>`;
  const exact = title === name ? undefined : html`<code>${identifier(name, 80)}</code>`;
  return html`<li><span class="title">${untrusted(title, 120)}</span>${exact}${more}</li>\n`;
}

/** Shows the resource of an account that has exactly one. */
function onlyResource({ resources: [first, second] }: ConsentView): Html | undefined {
  if (first === undefined || second !== undefined) return undefined;
  return html`<div><dt>Only for</dt><dd><strong>${untrusted(first.label)}</strong> · ${untrusted(first.type, 40)}</dd></div>\n`;
}

/** A choice between several resources, none preselected. */
function choice(view: ConsentView): Html | undefined {
  if (view.resources.length < 2) return undefined;
  const missing = view.problem === "choose_resource";
  const radio = (resource: ConsentView["resources"][number], index: number): Html => {
    const focus = missing && index === 0 ? html` autofocus` : undefined;
    return html`<label class="choice">
<input type="radio" name="resource" value="${resource.value}" required${focus}>
<span class="resource"><span class="title">${untrusted(resource.label)}</span> <span class="detail">${untrusted(resource.type, 40)}</span></span>
</label>
`;
  };
  return html`<fieldset${missing ? html` aria-describedby="problem"` : undefined}>
<legend>Choose what it is for</legend>
${missing ? alert("problem", "error", "Choose one before you allow access.") : undefined}
${view.resources.map(radio)}</fieldset>`;
}
