import { html } from "@symbolon/html";
import { documentOf } from "./layout.ts";

export const problemPage = (title: string, message: string): string =>
  documentOf(title, html`<div class="card"><h1>${title}</h1><p class="says">${message}</p></div>`);
