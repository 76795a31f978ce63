import { describe, expect, test } from "vitest";
import { listenOnLoopback } from "./listener-edge.ts";

const ask = async (url: string) => {
  const answer = await fetch(url);
  return { status: answer.status, body: await answer.text() };
};

describe("The page that a browser gets at the end of a sign-in", () => {
  test.each([
    ["code=c&state=s", 200, "close this window and go back to the program"],
    ["error=access_denied&state=s", 403, "You did not give access"],
    ["error=server_error&state=s", 400, "The provider answered server_error."],
    ["error=%3Cimg%20src%3Dx%3E&state=s", 400, "The provider answered imgsrcx."],
    ["error=%F0%9F%92%A5&state=s", 400, "The provider answered an error."],
  ])("for %s is %d and says so", async (query, status, text) => {
    const listener = await listenOnLoopback();
    const arrived = listener.callback("s");
    expect(await ask(`${listener.redirectUri}?${query}`)).toEqual({ status, body: expect.stringContaining(text) });
    expect(await arrived).toBe(`${listener.redirectUri}?${query}`);
  });

  test("for another sign-in than the awaited one says so, and the awaited one still arrives", async () => {
    await using listener = await listenOnLoopback();
    const arrived = listener.callback("s");
    const answer = await ask(`${listener.redirectUri}?code=evil&state=guessed`);
    expect(answer).toEqual({ status: 400, body: expect.stringContaining("the end of another sign-in") });
    await ask(`${listener.redirectUri}?code=c&state=s`);
    expect(await arrived).toContain("code=c&");
  });
});
