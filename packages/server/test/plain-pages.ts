import type { FormView, Pages } from "../src/index.ts";

const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
const hiddenInputs = ({ hidden }: FormView): string =>
  Object.entries(hidden)
    .map(([name, value]) => `<input type="hidden" name="${name}" value="${escape(value)}">`)
    .join("");

/** Minimal pages that show their view; the real ones are in apps/portal. */
export const plainPages: Pages = {
  signIn: (view) =>
    `<h1>Sign in</h1><p>${escape(view.applicationName)}</p><p>${view.problem ?? ""}</p>${hiddenInputs(view.form)}<p>${escape(view.email)}</p>`,
  signInWays: (view) =>
    `<h1>Ways</h1><p>${view.problem ?? ""}</p>${hiddenInputs(view.form)}${view.ways.map(({ name, label }) => `<button value="${escape(name)}">${escape(label)}</button>`).join("")}`,
  consent: (view) =>
    `<h1>Consent</h1>${hiddenInputs(view.form)}<pre>${escape(JSON.stringify({ ...view, form: view.form.action, switchAccount: view.switchAccount.action }))}</pre>`,
  redirect: (view) => `<h1>Redirect</h1><a href="${escape(view.location)}">${view.to.kind}</a>`,
  signOut: (view) => `<h1>Sign out</h1>${hiddenInputs(view.form)}<p>${escape(view.email ?? "not signed in")}</p>`,
  problem: (view) =>
    `<h1>Problem</h1><p>${view.situation}</p><p>${view.reason.name}</p><p>${escape(view.reason.message)}</p><p>${escape(view.reason.remedy)}</p><p>${view.requestId}</p>`,
  reason: (view) =>
    `<h1>${view.name}</h1><p>${view.situation}</p><p>${escape(view.message)}</p><p>${escape(view.remedy)}</p>`,
  home: (view) => `<h1>Home</h1><p>${escape(view.issuer)}</p>`,
  languages: ["en", "de"],
  signInScripts: ["'sha256-plain'"],
  assets: { "plain.css": { contentType: "text/css", body: "body{}" } },
};
