import { defineConfig } from "symbolon";

export default defineConfig({
  issuer: "https://id.example.com",
  trustedProxies: ["10.0.0.0/8"],
  scopes: { "profile:read": { title: "See your name and email address" } },
});
