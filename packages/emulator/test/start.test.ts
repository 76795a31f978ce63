import { expect, test } from "vitest";
import { BadField, emulator, newCore, stillWorld, type ProfileName } from "@symbolon/emulator";

const unknown = "misspelt" as ProfileName;

test("an unknown profile is refused with the names of the known ones", () => {
  const start = () => newCore({ profile: unknown }, "http://127.0.0.1:1", stillWorld);
  expect(start).toThrow(BadField);
  expect(start).toThrow(/^profile must be a Profile or one of .*gusto/);
});

test("an emulator that cannot start leaves no port open", async () => {
  const first = await emulator({ profile: "strict" });
  const port = Number(new URL(first.url).port);
  await first.close();
  await expect(emulator({ profile: unknown, port })).rejects.toThrow(BadField);
  await using second = await emulator({ profile: "strict", port });
  expect(second.url).toBe(first.url);
});

test.each<[sentence: RegExp, options: unknown]>([
  [/^emulator needs options/, undefined],
  [/^emulator needs options/, "gusto"],
  [/^profile must be a Profile or one of .*gusto/, {}],
  [/^profile must be a Profile or one of .*gusto/, { profile: {} }],
  [/^profile must be a Profile or one of .*gusto/, { profile: null }],
  [/^profle is not an option of emulator \(did you mean profile\?\)$/, { profle: "gusto" }],
  [/^apps is not an option of emulator$/, { profile: "gusto", apps: [] }],
])("a wrong call is told by the argument: %s", async (sentence, options) => {
  const failed = await emulator(options as never).catch((error: Error) => error);
  expect(failed).toBeInstanceOf(BadField);
  expect((failed as Error).message).toMatch(sentence);
});
