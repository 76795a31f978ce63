/** What a release is judged by. */
export type Candidate = {
  /**
   * The output of `git status --porcelain`, and the tag of this version where another commit has it. Undefined: git
   * gives no answer.
   */
  git: { status: string; takenTag?: string | undefined } | undefined;
  changelog: string;
  /** The version of each package that is published, by name. */
  versions: Readonly<Record<string, string>>;
  isDry: boolean;
};

/** Why this cannot be released, each with its remedy; empty if it can. */
export function refusalsOf({ git, changelog, versions, isDry }: Candidate): string[] {
  const distinct = [...new Set(Object.values(versions))];
  const [version = ""] = distinct;
  return [
    ...(isDry ? [] : ["Uploading is done by hand. Run `npm run release -- --dry`, then the commands that it prints."]),
    ...(git === undefined
      ? ["git gives no answer here. Run this in a clone of the repository, with git installed."]
      : gitRefusals(git)),
    ...(distinct.length === 1 ? [] : [`The packages have different versions: ${listOf(versions)}. Give them one.`]),
    ...(isVersion(version) ? [] : [`${version} is no version. Write MAJOR.MINOR.PATCH.`]),
    ...changelogRefusals(changelog, version),
  ];
}

const gitRefusals = ({ status, takenTag }: NonNullable<Candidate["git"]>): string[] => [
  ...(status.trim() === "" ? [] : [`The tree has changes that are not committed:\n${status.trimEnd()}`]),
  ...(takenTag === undefined ? [] : [`The tag ${takenTag} is on another commit. Give the packages a new version.`]),
];

function changelogRefusals(changelog: string, version: string): string[] {
  const newest = changelog.split(/^(?=## )/m).find((part) => part.startsWith("## ")) ?? "";
  const [heading = "", ...lines] = newest.split("\n");
  if (heading.split(" ")[1] !== version)
    return [
      `CHANGELOG.md does not begin with ${version}. Add "## ${version} (YYYY-MM-DD)" and what the upgrader notices.`,
    ];
  if (!lines.some((line) => line.startsWith("- "))) return [`The entry of ${version} in CHANGELOG.md is empty.`];
  return [];
}

/** Whether the changelog still calls the version unreleased: allowed for a trial, not for an upload. */
export const isUnreleased = (changelog: string, version: string): boolean =>
  changelog.includes(`## ${version} (unreleased)`);

const isVersion = (text: string): boolean => /^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?$/.test(text);

const listOf = (versions: Readonly<Record<string, string>>): string =>
  Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(", ");
