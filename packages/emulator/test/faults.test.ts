import { describe, expect, test } from "vitest";
import type { Fault } from "@symbolon/emulator";
import { begin } from "./application.ts";

const roads = ["sockets", "fetch"] as const;

const codeOf = (error: unknown): unknown => ((error as Error).cause as { code?: string } | undefined)?.code;

describe.each(roads)("injected faults over %s (faults.md §4)", (over) => {
  const inject = async (fault: Fault) => {
    const at = await begin({ profile: "strict" }, over);
    at.control.fault({ operation: "refresh_token", times: 1, ...fault });
    return at;
  };
  const pairs = (at: Awaited<ReturnType<typeof inject>>): number => at.control.grants()[0]!.pairs.length;

  test("drop_answer: processes the refresh and cuts the connection, so a retry is reuse", async () => {
    await using at = await inject({ what: "drop_answer" });
    await expect(at.application.refresh(at.first.refreshToken)).rejects.toSatisfy(
      (error) => codeOf(error) === "ECONNRESET" || codeOf(error) === "UND_ERR_SOCKET",
    );
    expect(pairs(at)).toBe(2);
    expect((await at.application.refresh(at.first.refreshToken)).status).toBe(400);
    expect(at.control.grants()[0]!.because).toBe("refresh_token_reuse");
  });

  test("drop_request: cuts the connection and processes nothing", async () => {
    await using at = await inject({ what: "drop_request" });
    await expect(at.application.refresh(at.first.refreshToken)).rejects.toThrow("fetch failed");
    expect(pairs(at)).toBe(1);
    expect((await at.application.refresh(at.first.refreshToken)).status).toBe(200);
  });

  test("hang: processes the refresh and does not answer until the client gives up", async () => {
    await using at = await inject({ what: "hang" });
    const send = over === "fetch" ? at.emulated.fetch : fetch;
    const giveUp = new AbortController();
    const [application] = at.emulated.applications;
    const body = new URLSearchParams({
      grant_type: "refresh_token",
      refresh_token: at.first.refreshToken,
      client_id: application!.clientId,
      client_secret: application!.clientSecret!,
    });
    const answer = send(`${at.emulated.url}/token`, { method: "POST", body, signal: giveUp.signal });
    await expect.poll(() => pairs(at)).toBe(2);
    giveUp.abort();
    await expect(answer).rejects.toMatchObject({ name: "AbortError" });
  });

  test.each(["reset", "half_close"] as const)("%s: ends the connection halfway through the answer", async (what) => {
    await using at = await inject({ what });
    await expect(at.application.refresh(at.first.refreshToken)).rejects.toThrow(/fetch failed|terminated/);
    expect(pairs(at)).toBe(2);
  });

  test("delay: delays before or after processing", async () => {
    await using at = await inject({ what: "delay", ms: 40, when: "before_processing" });
    const late = at.application.refresh(at.first.refreshToken);
    expect(pairs(at)).toBe(1);
    expect((await late).status).toBe(200);
    at.control.fault({ what: "delay", ms: 40, times: 1 });
    expect((await at.application.refresh(at.control.consent().refreshToken)).status).toBe(200);
  });

  test("slow_body: sends the complete body byte by byte", async () => {
    await using at = await inject({ what: "slow_body", msPerByte: 0 });
    expect((await at.application.refresh(at.first.refreshToken)).body["token_type"]).toBe("Bearer");
  });

  test.each([
    [{ what: "status", status: 429, retryAfterSeconds: 7 }, 429, "7", 1],
    [{ what: "status", status: 429 }, 429, null, 1],
    [{ what: "status", status: 503, processed: true }, 503, null, 2],
    [{ what: "html" }, 502, null, 1],
    [{ what: "html", status: 200, processed: true }, 200, null, 2],
  ] as const)("%j", async (fault, status, retryAfter, expectedPairs) => {
    await using at = await inject(fault);
    const response = await at.application.refresh(at.first.refreshToken);
    expect(response.status).toBe(status);
    expect(response.headers.get("retry-after")).toBe(retryAfter);
    expect(response.headers.get("content-type")).toContain(fault.what === "html" ? "text/html" : "json");
    expect(pairs(at)).toBe(expectedPairs);
  });

  test("malformed: cuts off the JSON", async () => {
    await using at = await inject({ what: "malformed" });
    await expect(at.application.refresh(at.first.refreshToken)).rejects.toThrow(SyntaxError);
  });

  test("duplicate: processes the request twice, which is reuse for a strict provider", async () => {
    await using at = await inject({ what: "duplicate" });
    expect((await at.application.refresh(at.first.refreshToken)).status).toBe(400);
    expect(at.control.grants()[0]).toMatchObject({ state: "ended", because: "refresh_token_reuse" });
    const other = at.control.consent();
    at.control.fault({ what: "duplicate", answer: "first", times: 1 });
    expect((await at.application.refresh(other.refreshToken)).status).toBe(200);
    expect(at.control.grants()[1]!.state).toBe("ended");
  });

  test("wrong_iss: replaces the issuer in the redirect and in the metadata", async () => {
    await using at = await begin({ profile: "strict" }, over);
    const send = over === "fetch" ? at.emulated.fetch : fetch;
    at.control.answerConsent("allow");
    at.control.fault({ what: "wrong_iss" });
    const query = new URLSearchParams({ response_type: "code", client_id: at.emulated.applications[0]!.clientId });
    const sent = await send(`${at.emulated.url}/authorize?${query}`, { redirect: "manual" });
    expect(new URL(sent.headers.get("location")!).searchParams.get("iss")).toBe("https://attacker.example");
    const metadata = (await (await send(`${at.emulated.url}/.well-known/oauth-authorization-server`)).json()) as Record<
      string,
      unknown
    >;
    expect(metadata["issuer"]).toBe("https://attacker.example");
  });
});

describe("which requests a fault applies to", () => {
  const statuses = async (fault: Fault, count: number, profile: "none" = "none"): Promise<number[]> => {
    await using at = await begin({ profile, seed: 5 });
    at.control.fault(fault);
    const response: number[] = [];
    for (let round = 0; round < count; round++)
      response.push((await at.application.refresh(at.first.refreshToken)).status);
    return response;
  };

  test("times: applies to the next two requests", async () => {
    expect(await statuses({ what: "status", status: 500, times: 2 }, 4)).toEqual([500, 500, 200, 200]);
  });
  test("nth: applies to the third request", async () => {
    expect(await statuses({ what: "status", status: 500, nth: 3 }, 4)).toEqual([200, 200, 500, 200]);
  });
  test("probability: applies to some requests, the same ones for the same seed", async () => {
    const once = await statuses({ what: "status", status: 500, probability: 0.5 }, 20);
    expect(new Set(once)).toEqual(new Set([200, 500]));
    expect(await statuses({ what: "status", status: 500, probability: 0.5 }, 20)).toEqual(once);
  });
  test("ignores requests of another operation or client", async () => {
    expect(await statuses({ what: "status", status: 500, operation: "authorization_code" }, 1)).toEqual([200]);
    expect(await statuses({ what: "status", status: 500, operation: "token" }, 1)).toEqual([500]);
    expect(await statuses({ what: "status", status: 500, client: "another client" }, 1)).toEqual([200]);
  });
  test("applies to no request after removal", async () => {
    await using at = await begin({ profile: "none" });
    const id = at.control.fault({ what: "status", status: 500 });
    expect((await at.application.refresh(at.first.refreshToken)).status).toBe(500);
    expect(at.control.removeFault(id)).toBe(true);
    expect((await at.application.refresh(at.first.refreshToken)).status).toBe(200);
    expect(at.control.removeFault(id)).toBe(false);
  });
});
