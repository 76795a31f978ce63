import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { assumptionHeader } from "@symbolon/emulator";
import { bearer, form, formType, jsonType, openPlace, type ReceivedResponse, type Place } from "./place.ts";

let place: Place;
beforeAll(async () => {
  place = await openPlace({ profile: "gusto" });
});
afterAll(() => place[Symbol.asyncDispose]());

const token = (values: Record<string, string>, at = place, query = ""): Promise<ReceivedResponse> =>
  at.send(
    "POST",
    `/oauth/token${query}`,
    jsonType,
    JSON.stringify({ client_id: at.application.clientId, client_secret: at.application.clientSecret, ...values }),
  );

describe("the authorization endpoint (gusto-and-fitbit.md §2.6)", () => {
  const authorize = (values: Record<string, string>): Promise<ReceivedResponse> =>
    place.send(
      "GET",
      `/oauth/authorize?${form({ response_type: "code", client_id: place.application.clientId, redirect_uri: place.application.redirectUris[0]!, ...values })}`,
    );

  test.each([
    ["an unknown client", { client_id: "unknown" }],
    ["no redirect_uri", { redirect_uri: "" }],
    ["an unregistered redirect_uri", { redirect_uri: "https://elsewhere.example/" }],
    ["a redirect_uri with a fragment", { redirect_uri: "http://127.0.0.1:3000/callback#x" }],
    ["another response_type", { response_type: "token" }],
  ])("%s stays on the page", async (_what, values) => {
    expect(await authorize(values)).toMatchObject({
      status: 400,
      headers: { "content-type": "text/html;charset=utf-8", [assumptionHeader]: "gusto-authorize-errors" },
    });
  });

  test("the page offers companies", async () => {
    const { text } = await authorize({});
    for (const name of ["Acme", "Initech", "Globex"]) expect(text).toContain(name);
  });

  test("Allow and Deny redirect with the unchanged state; the code is for the selected company", async () => {
    const post = (decision: string, more: Record<string, string> = {}): Promise<ReceivedResponse> =>
      place.send(
        "POST",
        `/oauth/authorize?${form({ response_type: "code", client_id: place.application.clientId, redirect_uri: place.application.redirectUris[0]!, state: "a+b &" })}`,
        formType,
        form({ decision, ...more }),
      );
    const denied = await post("deny");
    expect(denied).toMatchObject({ status: 302, headers: { [assumptionHeader]: "gusto-state, gusto-denial" } });
    expect(new URL(denied.headers["location"]!).searchParams.get("error")).toBe("access_denied");
    const page = await authorize({});
    const globex = /value="([\w-]+)"[^>]*> Globex/.exec(page.text)![1]!;
    const back = new URL((await post("allow", { resource: globex })).headers["location"]!);
    expect(back.searchParams.get("state")).toBe("a+b &");
    const redeemed = await token({
      grant_type: "authorization_code",
      code: back.searchParams.get("code")!,
      redirect_uri: place.application.redirectUris[0]!,
    });
    expect(
      (await place.send("GET", "/v1/token_info", bearer(redeemed.json["access_token"] as string))).json,
    ).toMatchObject({ resource: { uuid: globex } });
  });
});

/** A location with a code and nothing after it. */
