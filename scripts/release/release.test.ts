import { describe, expect, test } from "vitest";
import { provenanceOf } from "./provenance.ts";
import { isUnreleased, refusalsOf, type Candidate } from "./refusals.ts";

const changelog = "# Changelog\n\n## 1.2.3 (2026-11-28)\n\n- What is new.\n\n## 1.2.2 (2026-10-01)\n\n- Before.\n";
const good: Candidate = {
  git: { status: "" },
  changelog,
  versions: { client: "1.2.3", symbolon: "1.2.3" },
  isDry: true,
};

describe("npm run release refuses", () => {
  test("nothing where tree, changelog and versions agree", () => expect(refusalsOf(good)).toEqual([]));

  test("to upload", () => {
    expect(refusalsOf({ ...good, isDry: false })).toEqual([expect.stringContaining("npm run release -- --dry")]);
  });
  test("a tree with changes, and names them", () => {
    expect(refusalsOf({ ...good, git: { status: " M README.md\n" } })).toEqual([
      expect.stringContaining("M README.md"),
    ]);
  });
  test("a folder without git", () => {
    expect(refusalsOf({ ...good, git: undefined })).toEqual([expect.stringContaining("in a clone")]);
  });
  test("a version whose tag is on another commit", () => {
    const git = { status: "", takenTag: "v1.2.3" };
    expect(refusalsOf({ ...good, git })).toEqual([expect.stringContaining("tag v1.2.3 is on another commit")]);
  });
  test("packages of different versions", () => {
    const versions = { client: "1.2.3", symbolon: "1.2.4" };
    expect(refusalsOf({ ...good, versions })).toEqual([expect.stringContaining("symbolon 1.2.4")]);
  });
  test("a version that is none", () => {
    expect(refusalsOf({ ...good, versions: { client: "next" } })[0]).toContain("next is no version");
  });
  test("a changelog whose newest entry is another version", () => {
    const versions = { client: "1.2.4" };
    expect(refusalsOf({ ...good, versions })).toEqual([expect.stringContaining("does not begin with 1.2.4")]);
  });
  test("an entry that says nothing", () => {
    const empty = "## 1.2.3 (2026-11-28)\n\n## 1.2.2\n\n- Before.\n";
    expect(refusalsOf({ ...good, changelog: empty })).toEqual([expect.stringContaining("is empty")]);
  });
  test("several things at once", () => {
    expect(refusalsOf({ ...good, git: { status: "?? a" }, changelog: "" })).toHaveLength(2);
  });
});

test("an entry can be called unreleased until the upload", () => {
  expect(isUnreleased("## 1.2.3 (unreleased)\n", "1.2.3")).toBe(true);
  expect(isUnreleased(changelog, "1.2.3")).toBe(false);
});

test("the provenance statement names every tarball, the commit and the lock file", () => {
  const subject = [{ name: "symbolon-1.2.3.tgz", digest: { sha256: "aa", sha512: "bb" } }];
  const statement = provenanceOf(subject, {
    version: "1.2.3",
    gitCommit: "c0ffee",
    lockDigest: "dd",
    node: "v24.21.0",
    npm: "11.19.1",
    startedOn: "2026-11-28T00:00:00.000Z",
    finishedOn: "2026-11-28T00:01:00.000Z",
  });
  expect(statement).toMatchObject({
    _type: "https://in-toto.io/Statement/v1",
    predicateType: "https://slsa.dev/provenance/v1",
    subject,
    predicate: {
      buildDefinition: {
        resolvedDependencies: [{ digest: { gitCommit: "c0ffee" } }, { digest: { sha256: "dd" } }],
      },
    },
  });
});
