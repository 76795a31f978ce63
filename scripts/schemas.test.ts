import { describe, expect, test } from "vitest";
import { checkSchemas, digestOf } from "./schemas.ts";

const found = { "store 1": "CREATE TABLE a (b TEXT)", "store 2": "CREATE TABLE c (d)" };
const known = { "store 1": digestOf(found["store 1"]), "store 2": digestOf(found["store 2"]) };

describe("the check of committed schema steps", () => {
  test("accepts steps as they were committed", () => expect(checkSchemas(found, known)).toEqual([]));

  test("names a step that was edited", () =>
    expect(checkSchemas({ ...found, "store 1": "CREATE TABLE a (b ANY)" }, known)).toEqual([
      expect.stringContaining("store 1 was edited"),
    ]));

  test("names a step that is gone", () =>
    expect(checkSchemas({ "store 1": found["store 1"] }, known)).toEqual([expect.stringContaining("store 2 is gone")]));

  test("asks for the digest of a new step", () =>
    expect(checkSchemas({ ...found, "store 3": "X" }, known)).toEqual([
      expect.stringContaining(`"store 3": "${digestOf("X")}"`),
    ]));
});
