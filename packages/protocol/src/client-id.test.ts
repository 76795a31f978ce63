import { describe, expect, test } from "vitest";
import { isClientId } from "./client-id.ts";

describe("RFC 6749 Appendix A.1, HT-15: a client id", () => {
  test.each(["a", "app_0123456789abcdef", "https://client.example/metadata?v=1", "~", "x".repeat(255)])(
    "may be %j",
    (id) => expect(isClientId(id)).toBe(true),
  );
  test.each([
    "",
    " ",
    "two words",
    "tab\t",
    "line\n",
    "nul\0",
    "caf\u00e9",
    "\ud800",
    "x".repeat(256),
    "x".repeat(20_000),
  ])("is not %j", (id) => expect(isClientId(id)).toBe(false));
});
