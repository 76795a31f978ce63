import { html } from "@symbolon/html";

/** A reduced version of the portal's stylesheet (apps/portal). */
export const stylesheet = html`
:root { color-scheme: light dark; --paper: #f4f3ef; --glow: #e3efec; --card: #fff; --line: #dedcd5; --ink: #1b1f24; --soft: #595f66; --accent: #0b6b63; --accent-strong: #07534d; --accent-wash: #e8f3f1; --on-accent: #fff; --bad: #a3271b; --bad-wash: #fdefec; --note: #6f4a06; --note-wash: #fcf4e2; }
@media (prefers-color-scheme: dark) { :root { --paper: #101315; --glow: #14211f; --card: #181c1f; --line: #2e3439; --ink: #eceeef; --soft: #a4adb4; --accent: #5cc7b9; --accent-strong: #83d9cd; --accent-wash: #182c2a; --on-accent: #06211e; --bad: #ff9d8f; --bad-wash: #331c19; --note: #f0c674; --note-wash: #2d2514; } }
*, *::before, *::after { box-sizing: border-box; }
html { font: 100%/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
body { margin: 0; min-height: 100vh; color: var(--ink); background: radial-gradient(60rem 30rem at 50% -6rem, var(--glow), transparent) no-repeat, var(--paper); overflow-wrap: anywhere; }
main { max-width: 30rem; margin: 0 auto; padding: clamp(1rem, 7vh, 5rem) 1rem 2rem; }
main.wide { max-width: 72rem; padding-top: 2rem; }
.card { padding: clamp(1.25rem, 6vw, 2.25rem); background: var(--card); border: 1px solid var(--line); border-radius: 1.125rem; box-shadow: 0 12px 32px -12px rgb(27 31 36 / 16%); }
.card + .card { margin-top: 1rem; }
main.wide .card { padding: 1.25rem; }
h1, h2, h3, p, ul, dl, dd, fieldset { margin: 0; padding: 0; }
h1 { font-size: 1.5rem; line-height: 1.25; font-weight: 650; letter-spacing: -0.015em; }
h2, legend { padding: 0; font-size: 0.9375rem; font-weight: 600; }
ul { list-style: none; }
fieldset { min-width: 0; border: 0; margin-top: 1.25rem; }
a { color: var(--accent); text-underline-offset: 0.2em; }
code, .mono { font: 0.8125em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; }
.says, .soft { color: var(--soft); }
.says { margin-top: 0.5rem; }
.choice { display: flex; gap: 0.625rem; align-items: baseline; padding: 0.5rem 0.75rem; margin-top: 0.375rem; border: 1px solid var(--line); border-radius: 0.625rem; }
.actions { display: flex; gap: 0.75rem; margin-top: 1.75rem; }
button { flex: 1; padding: 0.625rem 1rem; font: inherit; font-weight: 600; border-radius: 0.625rem; border: 1px solid var(--line); background: var(--card); color: var(--ink); cursor: pointer; }
button.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
nav { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; margin-bottom: 1rem; font-weight: 600; }
nav a[aria-current] { color: var(--ink); text-decoration: none; }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: 0.875rem; }
th { text-align: start; font-weight: 600; color: var(--soft); white-space: nowrap; }
th, td { min-width: 5rem; padding: 0.4375rem 0.75rem 0.4375rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
tbody tr:last-child > * { border-bottom: 0; }
main.wide h1 { margin: 0.75rem 0; }
input { accent-color: var(--accent); }
.fields { display: flex; flex-wrap: wrap; gap: 0.75rem; align-items: end; margin-top: 0.75rem; }
.fields label { flex: 1 1 9rem; min-width: 0; font-size: 0.875rem; color: var(--soft); }
.fields input, .fields select { display: block; width: 100%; min-width: 0; margin-top: 0.25rem; padding: 0.5rem 0.625rem; font: inherit; color: var(--ink); background: var(--card); border: 1px solid var(--soft); border-radius: 0.625rem; }
.fields button { flex: 0 1 auto; }
.tag { display: inline-block; padding: 0 0.5rem; border-radius: 1rem; font-size: 0.8125rem; font-weight: 600; background: var(--accent-wash); color: var(--accent-strong); white-space: nowrap; }
.tag.bad { background: var(--bad-wash); color: var(--bad); }
.tag.note { background: var(--note-wash); color: var(--note); }
`;
