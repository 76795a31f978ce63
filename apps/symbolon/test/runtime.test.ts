import { describe, expect, test } from "vitest";
import { refuseOldRuntime, whyUnfitNode, whyUnfitSqlite } from "../src/data/runtime.ts";

describe("attacks §0.1: the server refuses to start on", () => {
  test.for(["24.18.0", "24.9.9", "25.9.0", "26.5.0", "22.30.0"])("Node %s", (version) =>
    expect(whyUnfitNode(version)).toContain(version),
  );
  test.for(["24.18.1", "24.21.0", "26.5.1", "26.10.0", "28.0.0"])("but not on Node %s", (version) =>
    expect(whyUnfitNode(version)).toBeUndefined(),
  );
  test.for(["3.51.2", "3.7.0", "3.52.0", undefined])("SQLite %s", (version) =>
    expect(whyUnfitSqlite(version)).toContain("3.51.3"),
  );
  test.for(["3.51.3", "3.52.1", "3.53.4", "4.0.0"])("but not on SQLite %s", (version) =>
    expect(whyUnfitSqlite(version)).toBeUndefined(),
  );

  test("but not on this Node", () => expect(() => refuseOldRuntime(process.versions)).not.toThrow());
  test("and names the remedy", () =>
    expect(() => refuseOldRuntime({ node: "24.0.0", sqlite: "3.53.4" })).toThrow(/24\.18\.1/));
});
