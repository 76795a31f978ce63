import { describe, expect, test } from "vitest";
import { wrongType } from "../../test/wrong-type.ts";
import { failureOf } from "../../test/failure.ts";
import { refresh } from "../token/refresh.ts";
import { useProvider, app } from "../../test/send-fixture.ts";

useProvider();

describe("refresh-tokens B3.2: not_processed and unknown connection errors", () => {
  const failing = (error: Error) =>
    app(
      {
        fetch: async () => {
          throw error;
        },
      },
      "https://certificates.econnrefused.example",
    );
  const node = (message: string, code?: string) =>
    new TypeError("fetch failed", { cause: Object.assign(new Error(message), code === undefined ? {} : { code }) });
  test.each([
    ["Node: refused", node("connect ECONNREFUSED 127.0.0.1:1", "ECONNREFUSED")],
    ["Node: refused at each address", node("", "ECONNREFUSED")],
    ["Node: no such host", node("getaddrinfo ENOTFOUND id.example", "ENOTFOUND")],
    ["Node: the name server does not respond", node("getaddrinfo EAI_AGAIN id.example", "EAI_AGAIN")],
    ["Node: unreachable", node("connect EHOSTUNREACH 192.0.2.1:443", "EHOSTUNREACH")],
    ["Node: no connection in time", node("Connect Timeout Error", "UND_ERR_CONNECT_TIMEOUT")],
    ["Node: a self-signed certificate", node("self-signed certificate", "DEPTH_ZERO_SELF_SIGNED_CERT")],
    ["Node: an expired certificate", node("certificate has expired", "CERT_HAS_EXPIRED")],
    ["Node: a certificate of another host", node("Hostname/IP does not match", "ERR_TLS_CERT_ALTNAME_INVALID")],
    [
      "Bun: refused",
      Object.assign(new Error("Unable to connect. Is the computer able to access the url?"), {
        code: "ConnectionRefused",
      }),
    ],
    [
      "Bun: no such host",
      Object.assign(new Error("Was there a typo in the url or port?"), { code: "FailedToOpenSocket" }),
    ],
    [
      "Deno: refused",
      new TypeError(
        "error sending request for url (https://id.example/): client error (Connect): tcp connect error: Connection refused (os error 111)",
      ),
    ],
    [
      "Deno: no such host",
      new TypeError(
        "error sending request for url (https://id.example/): client error (Connect): dns error: failed to lookup address information",
      ),
    ],
  ])("%s: not processed", async (_, error) =>
    expect(await failureOf(refresh(failing(error), { refreshToken: "RT" }))).toMatchObject({
      code: "connection",
      outcome: "not_processed",
    }),
  );
  test.each([
    ["Node: reset", node("read ECONNRESET", "ECONNRESET")],
    ["Node: closed", node("other side closed", "UND_ERR_SOCKET")],
    ["Node: unreachable after sending", node("read EHOSTUNREACH", "EHOSTUNREACH")],
    ["Node: timed out after sending", node("read ETIMEDOUT", "ETIMEDOUT")],
    [
      "Bun: closed",
      Object.assign(new Error("The socket connection was closed unexpectedly."), { code: "ConnectionClosed" }),
    ],
    [
      "Deno: closed, at a host whose name misleads",
      new TypeError(
        "error sending request for url (https://certificates.econnrefused.example/token): client error (SendRequest): connection closed before message completed",
      ),
    ],
    ["a page in a browser", new TypeError("Failed to fetch")],
    ["another browser", new TypeError("NetworkError when attempting to fetch resource.")],
    ["an unknown error", new Error("boom")],
    ["a thrown string", wrongType<Error>("boom")],
  ])("%s: unknown", async (_, error) =>
    expect(await failureOf(refresh(failing(error), { refreshToken: "RT" }))).toMatchObject({
      code: "connection",
      outcome: "unknown",
    }),
  );
});
