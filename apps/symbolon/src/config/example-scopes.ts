import type { ServerConfig } from "@symbolon/server";

/** The scopes of a development server whose configuration lists none. */
export const exampleScopes: ServerConfig["scopes"] = {
  "profile:read": { title: "See your name and email address", access: "read" },
  "payroll:read": { title: "See payrolls", detail: "Dates, amounts and the people paid.", access: "read" },
  "payroll:write": {
    title: "Prepare payrolls",
    detail: "You still approve each payroll before money moves.",
    access: "change",
  },
};
