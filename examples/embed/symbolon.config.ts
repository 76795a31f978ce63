import { defineConfig } from "symbolon";

export default defineConfig({
  issuer: "https://example.com/auth", // where clients find it: your host name, and the path in your application
  data: "./symbolon-data",
  scopes: { "payroll:read": { title: "See payrolls", access: "read" } },
});
