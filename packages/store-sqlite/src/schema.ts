/** "SYMB" in ASCII, in SQLite's header: tells our files from those of other programs. */
export const applicationId = 1398361410;

/**
 * The schema, as numbered migrations. A committed step never changes (scripts/schemas.ts); a new step only adds, so
 * that the previous version can keep working on the same file (faults.md §2.2, 17). Each step ends with its own number,
 * which commits with it.
 *
 * - `id` of a grant holds the 16 bytes of a UUIDv7, so rows are appended in order of creation.
 * - ANY columns hold text, or the shorter bytes that pack.ts makes of identifiers and digests.
 * - No index names a column that a rotation changes, so a rotation writes one page of one tree.
 */
export const migrations: readonly string[] = [
  `
  PRAGMA application_id = 1398361410;

  CREATE TABLE grants (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    application ANY NOT NULL,
    owner ANY,
    resource ANY,
    scope TEXT NOT NULL,
    audiences TEXT,
    variants TEXT,
    state INTEGER NOT NULL CHECK (state IN (0, 1, 2)),
    generation INTEGER NOT NULL,
    generation_issued_at INTEGER NOT NULL,
    confirmed_at INTEGER,
    replays INTEGER NOT NULL,
    intent BLOB,
    challenge ANY,
    offer_redirect_uri TEXT,
    offer_expires_at INTEGER,
    offer_failures INTEGER,
    expires_at INTEGER NOT NULL,
    idle_expires_at INTEGER NOT NULL,
    revoked_at INTEGER,
    revoked_because TEXT,
    has_revoked_tokens INTEGER NOT NULL CHECK (has_revoked_tokens IN (0, 1)),
    version INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX grants_by_application ON grants (application);
  CREATE INDEX grants_by_owner ON grants (owner) WHERE owner IS NOT NULL;
  CREATE UNIQUE INDEX live_standing_grants ON grants (application, ifnull(audiences, '')) WHERE owner IS NULL AND state = 1;

  CREATE TABLE revoked_tokens (
    fingerprint BLOB NOT NULL PRIMARY KEY,
    until INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE revocations (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    until INTEGER NOT NULL,
    kind INTEGER NOT NULL CHECK (kind IN (0, 1)),
    hash BLOB NOT NULL
  ) STRICT;

  CREATE TABLE applications (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    type TEXT NOT NULL CHECK (type IN ('confidential', 'public')),
    auth_method TEXT CHECK (auth_method IN ('client_secret_basic', 'client_secret_post', 'none')),
    secrets TEXT NOT NULL,
    redirect_uris TEXT NOT NULL,
    scope TEXT NOT NULL,
    replay TEXT NOT NULL,
    access_token_lifetimes TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    suspended_at INTEGER
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE resource_servers (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    secrets TEXT NOT NULL,
    resource TEXT,
    created_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE accounts (
    id ANY NOT NULL PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    password_hash TEXT NOT NULL,
    resources TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    suspended_at INTEGER
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE sessions (
    digest BLOB NOT NULL PRIMARY KEY,
    account ANY NOT NULL,
    authenticated_at INTEGER NOT NULL,
    idle_expires_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE pulse (beat BLOB NOT NULL) STRICT;

  PRAGMA user_version = 1;
  `,
  `
  CREATE INDEX sessions_by_account ON sessions (account);
  CREATE TABLE mark (number INTEGER NOT NULL) STRICT;
  INSERT INTO mark (number) VALUES (0);

  PRAGMA user_version = 2;
  `,
  `
  CREATE TABLE keyring (id TEXT NOT NULL) STRICT;

  PRAGMA user_version = 3;
  `,
  `
  ALTER TABLE mark ADD COLUMN latest INTEGER NOT NULL DEFAULT 0;

  PRAGMA user_version = 4;
  `,
  `
  CREATE TABLE once (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 32),
    value BLOB NOT NULL,
    until INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  PRAGMA user_version = 5;
  `,
  `
  ALTER TABLE sessions ADD COLUMN person TEXT;
  CREATE TABLE suspended_subjects (
    subject TEXT NOT NULL PRIMARY KEY,
    suspended_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  PRAGMA user_version = 6;
  `,
  `
  ALTER TABLE applications ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE resource_servers ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE accounts ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX accounts_by_age ON accounts (created_at);

  PRAGMA user_version = 7;
  `,
  `
  CREATE TABLE audit (
    position INTEGER NOT NULL PRIMARY KEY,
    text TEXT NOT NULL,
    mac BLOB NOT NULL
  ) STRICT;
  CREATE INDEX audit_by_target ON audit (json_extract(text, '$.target'));

  PRAGMA user_version = 8;
  `,
];
