/** "SymK" in ASCII: marks a keeper's database. */
export const applicationId = 0x53796d4b;
export const schemaVersion = 1;

/** Never changes once committed (scripts/schemas.ts): a new version adds a step. */
export const schema = `
  CREATE TABLE entry (
    key TEXT NOT NULL PRIMARY KEY,
    revision INTEGER NOT NULL,
    value TEXT             -- NULL once removed: the row stays, so that no revision is used twice
  ) STRICT, WITHOUT ROWID;
  PRAGMA application_id = 0x53796d4b;
  PRAGMA user_version = 1;`;
