import { defineConfig } from "symbolon";

/** What the servers of these tests are configured with; issuer, port and data directory are given to each by flag. */
export default defineConfig({
  scopes: {
    "employees:read": { title: "See employees", detail: "Names, roles and start dates.", access: "read" },
    "payroll:read": { title: "See payrolls", access: "read" },
    "payroll:write": { title: "Prepare payrolls", detail: "You still approve each payroll before money moves." },
  },
  tokenRequestsPerMinute: 10_000_000,
});
