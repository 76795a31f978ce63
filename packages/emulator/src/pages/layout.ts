import { html, type Html } from "@symbolon/html";
import { stylesheet } from "./stylesheet.ts";

/** The document around each page, without scripts or external resources. */
export const documentOf = (title: string, body: Html, width: "narrow" | "wide" = "narrow"): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${title} · Emulator</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<style>${stylesheet}</style>
</head>
<body>
<main class="${width}">
${body}
</main>
</body>
</html>
`.toString();
