import type { ServerConfig } from "@symbolon/server";

/** What the development server offers until somebody writes a catalogue of their own. */
export const exampleScopes: ServerConfig["scopes"] = {
  "profile:read": { title: "See your name and email address" },
  "payroll:read": { title: "See payrolls", detail: "Dates, amounts and the people paid." },
  "payroll:write": {
    title: "Prepare payrolls",
    detail: "Payrolls still have to be approved by you before money moves.",
  },
};
