import { createHash } from "node:crypto";
import { html } from "@symbolon/html";

/**
 * Shows the typed password while a box is ticked: docs/decisions/0057-one-script-shows-the-password.md. The box is
 * hidden until the script runs, so that without JavaScript nothing is offered that does not work. The field is a
 * password again when the form is sent, because browsers remember the values of text fields.
 */
export const showPasswordScript = html`<script>
(() => {
  const field = document.getElementById("password");
  const box = document.getElementById("show-password");
  const show = () => { field.type = box.checked ? "text" : "password"; };
  box.checked = false;
  box.addEventListener("change", show);
  field.form.addEventListener("submit", () => { field.type = "password"; });
  addEventListener("pageshow", show);
  box.parentElement.hidden = false;
})();
</script>`;

/** The only script that the content security policy allows, by its digest (CSP Level 3 §2.3.1). */
export const showPasswordSource = `'sha256-${createHash("sha256")
  .update(showPasswordScript.toString().slice("<script>".length, -"</script>".length))
  .digest("base64")}'`;
