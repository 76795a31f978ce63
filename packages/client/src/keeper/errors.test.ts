import { expect, test } from "vitest";
import { KeeperError } from "./errors.ts";

test("a KeeperError says in words what happened, to which grant, and why", () => {
  expect(new KeeperError("store_unavailable").message).toBe("store unavailable");
  expect(new KeeperError("ended", { id: "1", ended: "revoked" }).message).toBe("ended: 1: revoked");
  expect(
    new KeeperError("insufficient_scope", { id: "1", missing: ["a", "b"], message: "ask for consent" }).message,
  ).toBe("insufficient scope: 1: a,b: ask for consent");
  expect(new KeeperError("invalid_input", { field: "keys", expected: "32 bytes" }).message).toBe(
    "invalid input: keys: 32 bytes",
  );
});

test("a KeeperError has the facts, its cause and a name of its own", () => {
  const cause = new Error("no route to host");
  const error = new KeeperError("store_unavailable", {
    cause,
    id: "1",
    retryAfterMs: 5,
    reconnectUrl: "https://a.example",
  });
  expect({ ...error }).toEqual({
    code: "store_unavailable",
    name: "KeeperError",
    id: "1",
    retryAfterMs: 5,
    reconnectUrl: "https://a.example",
  });
  expect(error.cause).toBe(cause);
});
