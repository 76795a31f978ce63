import { html, safeHref, type Html } from "@symbolon/html";
import type { ConsentView } from "@symbolon/server";
import { destination } from "./destination.ts";
import { describeLifetime } from "./duration.ts";
import { alert, hiddenFields, mark, page } from "./layout.ts";
import { kindOf, kindsOf } from "./resource-kind.ts";
import { identifier, initial, mixesAlphabets, untrusted, sanitize } from "./untrusted-text.ts";

/**
 * The consent page. It shows what the user needs to decide: which application asks, where the answer goes, which
 * account is signed in, which scopes and resource, and how long the access lasts (RFC 6749 §10.2, WB-09).
 */
export function consent(view: ConsentView): string {
  return page({
    assetsPath: view.assetsPath,
    title: `${view.problem === "choose_resource" ? "Error: " : ""}Allow ${sanitize(view.applicationName, 60)}?`,
    body: html`<div class="card">
<header class="lead">
<div class="pair" aria-hidden="true"><span class="tile">${initial(view.applicationName)}</span><span class="link"></span>${mark(view.assetsPath)}</div>
<h1>Allow <span class="name">${untrusted(view.applicationName, 60)}</span> to use your account?</h1>
</header>
${shownAgain(view)}${lookAlike(view)}${account(view)}
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

/**
 * Allow comes first, because the Enter key in a form presses its first button. Only the choice of a resource takes that
 * key, and no control has the focus at first, so Enter allows only what the user has chosen.
 */
const buttons = html`<div class="actions reachable">
<button class="primary" type="submit" name="decision" value="allow">Allow</button>
<button class="secondary" type="submit" name="decision" value="deny" formnovalidate>Deny</button>
</div>`;

/** Why the page is here again although the user has answered it. */
function shownAgain({ problem }: ConsentView): Html | undefined {
  if (problem === "expired")
    return html`${alert("again", "notice", "This page was open for a long time, so nothing has been allowed yet. Please answer again.")}
`;
  if (problem === "form_outdated")
    return html`${alert("again", "notice", "You signed in again after this page was opened, so nothing has been allowed yet. Check the account below, then answer again.")}
`;
  return undefined;
}

/** Warns of a name that mixes alphabets. Which name it imitates is for the user to judge. */
const lookAlike = ({ applicationName }: ConsentView): Html | undefined =>
  mixesAlphabets(applicationName)
    ? html`${alert("look-alike", "notice", "This name mixes letters of several alphabets, so it can look like another name. Check where your answer goes.")}
`
    : undefined;

function account(view: ConsentView): Html {
  return html`<form class="account" method="post" action="${safeHref(view.switchAccount.action)}">
${hiddenFields(view.switchAccount)}<p>Signed in as <strong>${identifier(view.email, 120)}</strong></p>
<div class="others"><button class="plain" type="submit">Use another account</button> <a class="plain" href="${safeHref(view.signOutHref)}">Sign out</a></div>
</form>`;
}

/** What it may change comes before what it may only see. The names of the scopes are for developers, and folded. */
function permissions({ scopes }: ConsentView): Html | undefined {
  if (scopes.length === 0) return undefined;
  const named = scopes.filter(({ name, title }) => name !== title);
  return html`${permissionsTo("change", "It will be able to make changes", scopes)}${permissionsTo("read", "It will be able to see, not change", scopes)}${
    named.length === 0
      ? undefined
      : html`<details>
<summary>Technical details</summary>
<ul class="codes">
${named.map(({ name, title }) => html`<li><code>${identifier(name, 80)}</code><span class="detail">${untrusted(title, 120)}</span></li>\n`)}</ul>
</details>`
  }`;
}

function permissionsTo(access: "read" | "change", heading: string, scopes: ConsentView["scopes"]): Html | undefined {
  const those = scopes.filter((scope) => scope.access === access);
  if (those.length === 0) return undefined;
  return html`<section aria-labelledby="may-${access}">
<h2 id="may-${access}">${heading}</h2>
<ul class="permissions ${access}">
${those.map(permission)}</ul>
</section>
`;
}

function permission({ title, detail }: ConsentView["scopes"][number]): Html {
  const more =
    detail === undefined || detail === "" ? undefined : html`<span class="detail">${untrusted(detail, 240)}</span>`;
  return html`<li><span class="title">${untrusted(title, 120)}</span>${more}</li>\n`;
}

/** Shows the resource of an account that has exactly one. */
function onlyResource({ resources: [first, second] }: ConsentView): Html | undefined {
  if (first === undefined || second !== undefined) return undefined;
  return html`<div><dt>Only for the ${untrusted(kindOf(first.type), 40)}</dt><dd><strong>${untrusted(first.label)}</strong></dd></div>\n`;
}

/**
 * Several resources to choose from, at first none preselected without `resource_hint`. Each names its type only if
 * their types differ.
 */
function choice({ resources, problem }: ConsentView): Html | undefined {
  if (resources.length < 2) return undefined;
  const missing = problem === "choose_resource";
  const kinds = kindsOf(resources);
  const radio = (resource: ConsentView["resources"][number], index: number): Html => {
    const focus = missing && index === 0 ? html` autofocus` : undefined;
    const type =
      kinds.length === 1 ? undefined : html` <span class="detail">${untrusted(kindOf(resource.type), 40)}</span>`;
    return html`<label class="choice">
<input type="radio" name="resource" value="${resource.value}" required${resource.isChosen ? html` checked` : undefined}${focus}>
<span class="resource"><span class="title">${untrusted(resource.label)}</span>${type}</span>
</label>
`;
  };
  return html`<fieldset${missing ? html` aria-describedby="problem"` : undefined}>
<legend>${question(kinds)}</legend>
${missing ? alert("problem", "error", "Choose one before you allow access.") : undefined}
${resources.map(radio)}</fieldset>`;
}

function question([first, second, third]: readonly string[]): Html {
  if (first === undefined || third !== undefined) return html`Which one is it for?`;
  return second === undefined
    ? html`Which ${untrusted(first, 40)}?`
    : html`Which ${untrusted(first, 40)} or ${untrusted(second, 40)}?`;
}
