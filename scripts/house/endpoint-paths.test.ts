import { describe, expect, test } from "vitest";
import { checkEndpointPaths } from "./endpoint-paths.ts";
import { houseFile } from "./tree.ts";

const lines = (path: string, text: string): number[] =>
  checkEndpointPaths(houseFile(path, text)).map(({ line }) => line);

describe("paths of endpoints", () => {
  test.each([
    ["a string", `const path = "/oauth/token";`],
    ["a template", "const url = `${issuer}/oauth/token`;"],
    ["a template of the table", `const path = "{base}/oauth/token";`],
    ["the metadata document", "const url = `/.well-known/oauth-authorization-server${base}`;"],
    ["the management API", `const path = "/admin/v1/applications";`],
    ["a health check", `if (url === "/health") go();`],
  ])("reports %s", (_, text) => expect(lines("packages/server/src/http/a.ts", `\n${text}`)).toEqual([2]));

  test.each([
    ["the table itself", "packages/server/src/http/routes.ts", `const path = "/oauth/token";`],
    ["the table of the management API", "packages/server/src/http/management-routes.ts", `const a = "/admin/v1/keys";`],
    ["tests", "packages/server/src/http/a.test.ts", `const path = "/oauth/token";`],
    ["other packages", "apps/symbolon/src/a.ts", `const path = "/oauth/token";`],
    ["comments", "packages/server/src/a.ts", `/** POST /oauth/token. */ export {};`],
    ["other strings", "packages/server/src/a.ts", `const a = "health"; const b = "/errors/x";`],
  ])("accepts %s", (_, path, text) => expect(lines(path, text)).toEqual([]));
});
