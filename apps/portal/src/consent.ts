import { html, safeHref, type Html } from "@symbolon/html";
import type { ConsentView } from "@symbolon/server";
import { destination } from "./destination.ts";
import type { Frame } from "./frame.ts";
import type { Language } from "./languages/language.ts";
import { homePage, links, publisher, tile } from "./application.ts";
import { alert, hiddenFields, mark, page } from "./layout.ts";
import { kindOf, kindsOf } from "./resource-kind.ts";
import { identifier, mixesAlphabets, untrusted, sanitize } from "./untrusted-text.ts";

/**
 * The consent page. It shows what the user needs to decide: which application asks, where the answer goes, which
 * account is signed in, which scopes and resource, and how long the access lasts (RFC 6749 §10.2, WB-09).
 */
export function consent(view: ConsentView, frame: Frame): string {
  const { language } = frame;
  const { text, plain } = language;
  const title = plain("consent.title", { application: sanitize(view.application.name, 60) });
  return page(frame, {
    title: view.problem === "choose_resource" ? plain("title.error", { title }) : title,
    body: html`<div class="card">
<header class="lead">
<div class="pair" aria-hidden="true">${tile(view.application)}<span class="link"></span>${mark(frame)}</div>
<h1>${heading(view, frame)}</h1>
${publisher(view.application, language)}</header>
${notices(view, language)}${account(view, language)}
<form method="post" action="${safeHref(view.form.action)}">
${hiddenFields(view.form)}${permissions(view, language)}
${choice(view, language)}
<dl class="facts">
${onlyResource(view, language)}${homePage(view.application, language)}<div><dt>${text("consent.goes_to")}</dt><dd>${destination(view.redirect, language)}</dd></div>
<div><dt>${text("consent.lasts")}</dt><dd>${lifetime(view, language)}</dd></div>
</dl>
${buttons(language)}
</form>
${links(view.application, language)}
</div>`,
  });
}

function heading({ application }: ConsentView, { language: { text }, look: { provider } }: Frame): Html {
  const name = html`<span class="name">${untrusted(application.name, 60)}</span>`;
  return provider === undefined
    ? text("consent.heading", { application: name })
    : text("consent.heading_of", { application: name, provider: untrusted(provider, 60) });
}

/**
 * Allow comes first, because the Enter key in a form presses its first button. Only the choice of a resource takes that
 * key, and no control has the focus at first, so Enter allows only what the user has chosen.
 */
const buttons = ({ text }: Language): Html => html`<div class="actions reachable">
<button class="primary" type="submit" name="decision" value="allow">${text("consent.allow")}</button>
<button class="secondary" type="submit" name="decision" value="deny" formnovalidate>${text("consent.deny")}</button>
</div>`;

/**
 * Why the page is here again although the user has answered it, and whether the name mixes alphabets. Which name it
 * imitates is for the user to judge.
 */
function notices({ problem, application }: ConsentView, { text }: Language): Html {
  const again =
    problem === "expired" || problem === "form_outdated"
      ? html`${alert("again", "notice", text(`consent.${problem}`))}\n`
      : undefined;
  const lookAlike = [application.name, application.publisher ?? ""].some(mixesAlphabets)
    ? html`${alert("look-alike", "notice", text("consent.look_alike"))}\n`
    : undefined;
  return html`${again}${lookAlike}`;
}

function account(view: ConsentView, { text }: Language): Html {
  const email = html`<strong>${identifier(view.email, 120)}</strong>`;
  return html`<form class="account" method="post" action="${safeHref(view.switchAccount.action)}">
${hiddenFields(view.switchAccount)}<p>${text("consent.signed_in_as", { account: email })}</p>
<div class="others"><button class="plain" type="submit">${text("consent.switch_account")}</button> <a class="plain" href="${safeHref(view.signOutHref)}">${text("sign_out.submit")}</a></div>
</form>`;
}

/** What it may change comes before what it may only see. The names of the scopes are for developers, and folded. */
function permissions({ scopes }: ConsentView, { text }: Language): Html | undefined {
  if (scopes.length === 0) return undefined;
  const named = scopes.filter(({ name, title }) => name !== title);
  return html`${permissionsTo("change", text("consent.changes"), scopes)}${permissionsTo("read", text("consent.reads"), scopes)}${
    named.length === 0
      ? undefined
      : html`<details>
<summary>${text("consent.technical")}</summary>
<ul class="codes">
${named.map(({ name, title }) => html`<li><code>${identifier(name, 80)}</code><span class="detail">${untrusted(title, 120)}</span></li>\n`)}</ul>
</details>`
  }`;
}

function permissionsTo(access: "read" | "change", heading: Html, scopes: ConsentView["scopes"]): Html | undefined {
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
function onlyResource({ resources: [first, second] }: ConsentView, { text }: Language): Html | undefined {
  if (first === undefined || second !== undefined) return undefined;
  const kind = untrusted(kindOf(first), 40);
  return html`<div><dt>${text("consent.only_for", { kind })}</dt><dd><strong>${untrusted(first.label)}</strong></dd></div>\n`;
}

function lifetime({ lasts: { absoluteSeconds, idleSeconds } }: ConsentView, { text, durations }: Language): Html {
  const longest = durations.lasting(absoluteSeconds);
  return idleSeconds < absoluteSeconds
    ? text("consent.lifetime_idle", { longest, idle: durations.lasting(idleSeconds) })
    : text("consent.lifetime", { longest });
}

/**
 * Several resources to choose from, at first none preselected without `resource_hint`. Each names its type only if
 * their types differ.
 */
function choice({ resources, problem }: ConsentView, language: Language): Html | undefined {
  if (resources.length < 2) return undefined;
  const missing = problem === "choose_resource";
  const kinds = kindsOf(resources);
  const radio = (resource: ConsentView["resources"][number], index: number): Html => {
    const focus = missing && index === 0 ? html` autofocus` : undefined;
    const type = kinds.length === 1 ? undefined : html` <span class="detail">${untrusted(kindOf(resource), 40)}</span>`;
    return html`<label class="choice">
<input type="radio" name="resource" value="${resource.value}" required${resource.isChosen ? html` checked` : undefined}${focus}>
<span class="resource"><span class="title">${untrusted(resource.label)}</span>${type}</span>
</label>
`;
  };
  return html`<fieldset${missing ? html` aria-describedby="problem"` : undefined}>
<legend>${question(kinds, language)}</legend>
${missing ? alert("problem", "error", language.text("consent.choose_resource")) : undefined}
${resources.map(radio)}</fieldset>`;
}

function question([first, second, third]: readonly string[], { text }: Language): Html {
  if (first === undefined || third !== undefined) return text("consent.which_of_many");
  const kind = untrusted(first, 40);
  return second === undefined
    ? text("consent.which", { kind })
    : text("consent.which_of_two", { kind, other: untrusted(second, 40) });
}
