import type { Attack } from "./attack.ts";

/** HTTP (HT), storage (ST) and operation (OP). */
export const serverAttacks: readonly Attack[] = [
  {
    id: "HT-01",
    outcome:
      "Five thousand slow connections are closed by time and number limits, and other clients are served meanwhile.",
  },
  { id: "HT-02", outcome: "Bodies and headers have a maximum size, and a body has one unambiguous length." },
  {
    id: "HT-03",
    outcome: "A body of another media type is rejected, or of a charset in which ASCII means something else.",
  },
  {
    id: "HT-04",
    outcome: "A malformed form is rejected, not repaired; unknown parameters of any spelling and number are ignored.",
  },
  { id: "HT-05", outcome: "Hostile headers are rejected, and the process goes on." },
  { id: "HT-06", outcome: "JSON is rejected before it is parsed." },
  {
    id: "HT-07",
    outcome:
      "The time for long hostile strings is proportional to their length, and a checker finds no regular expression that can be made slow.",
  },
  {
    id: "HT-08",
    outcome:
      "Other methods get 405, and other spellings of a path 404; HEAD is answered wherever GET is, and OPTIONS wherever CORS is, without effect.",
  },
  { id: "HT-09", outcome: "Input cannot add or split headers, and a request for an unknown host gets 421." },
  {
    id: "HT-10",
    outcome:
      "The listener does not speak HTTP/2, so its floods do not apply; a host application that does has to stop them.",
    absent: "HTTP/2",
  },
  { id: "HT-11", outcome: "A Connection header cannot remove other headers." },
  { id: "HT-12", outcome: "Responses do not reveal software or versions." },
  { id: "HT-13", outcome: "Requests of unknown clients store no row." },
  {
    id: "HT-14",
    outcome:
      "No test file leaves anything on Object.prototype; the server runs under each of Node's hardening flags, and the tests of the packages under --disable-proto=delete (`npm run hardened`).",
  },
  {
    id: "HT-15",
    outcome:
      "No Map, Set, cache or limiter receives a long text as a key from any field, and good clients are served during a flood of unique identifiers of 20,000 characters.",
  },
  {
    id: "HT-16",
    outcome:
      "One network holds at most 1,024 connections and gets 50 pages a second; when nearly all connections are taken, the network with most loses idle ones.",
  },
  {
    id: "HT-17",
    outcome:
      "Restarts under load fail no request: /ready answers 503 first, connections are closed by their answers, and the queue of new connections is served or inherited by the next process.",
  },
  {
    id: "HT-18",
    outcome:
      "A page of another origin never reads an answer to a request with cookies: no answer allows credentials or repeats an origin, and the routes with CORS use no cookie.",
  },

  { id: "ST-01", outcome: "After every kind of request, database, log, backup and event log contain no credential." },
  {
    id: "ST-02",
    outcome:
      "Without its keyring, a database authenticates no client, session or token; a hash that is written or copied into it by hand is rejected. A database in use opens with its own keyring only.",
  },
  { id: "ST-03", outcome: "No input changes an SQL statement." },
  { id: "ST-04", outcome: "Requests with random ids never return rows of others." },
  {
    id: "ST-05",
    outcome: "Identifiers are compared as bytes, independent of how a database treats letter case, wildcards or NUL.",
  },
  {
    id: "ST-06",
    outcome: "Only their owner can read database files, and the connection opens only with its hardening settings.",
  },
  {
    id: "ST-07",
    outcome:
      "The server does not start on a restored backup until the operator chooses to revoke or to keep its grants; all sessions end in both cases.",
  },
  {
    id: "ST-08",
    outcome:
      "Only the account row identifies a user, or the session row where the provider's own sign-in names people. Deleting it removes it from the database file at once, and from the write-ahead log within a minute or two.",
  },
  { id: "ST-09", outcome: "A deleted identifier is never issued again." },
  {
    id: "ST-10",
    outcome:
      "Keyring, database and keeper stores open only if their owner alone can read them, not through links and not in shared folders; a truncated file is replaced by its previous version, and records that were swapped are rejected.",
  },
  {
    id: "ST-11",
    outcome:
      "A database in use does not open without its keyring, with a damaged one or with that of another database; the refusal says how to go on, and no keyring is made.",
  },
  {
    id: "ST-12",
    outcome:
      "Files of the server that are links, belong to another user or lie in a directory that others can change are refused by name before anything is written; so are a read-only and a full disk.",
  },
  {
    id: "ST-13",
    outcome:
      "Someone who can write to the database can do what SECURITY.md lists as possible, impersonation included, and nothing that it lists as impossible; a test tries each sentence.",
  },
  {
    id: "ST-14",
    outcome:
      "A clock that is set on and back makes nothing active again that had expired or was revoked; a time that is far ahead counts only after ten minutes, and an operator can take it back.",
  },
  {
    id: "ST-15",
    outcome:
      "An audit line that is changed, removed, moved or added by someone who can write to the database is found by `symbolon verify`, the last lines from a minute after they were written.",
  },

  { id: "OP-01", outcome: "Log lines contain no credential and no query string." },
  { id: "OP-02", outcome: "Hostile text stays inside one escaped log line." },
  {
    id: "OP-03",
    outcome:
      "Guesses are limited by account, network, range and client, and a success resets no limit. The owner is not locked out on another network by guesses from one range (for known devices see OP-14).",
  },
  {
    id: "OP-04",
    outcome:
      "Limits are counted in one atomic step, in bounded memory, without a store; each process counts for itself, and a restart resets the counts.",
  },
  { id: "OP-05", outcome: "Password checks wait in a bounded queue in which origins take turns." },
  {
    id: "OP-06",
    outcome:
      "Known and unknown users and clients cost the same hashes and look-ups, and so does every forged token; tests count the operations, and a script measures the times (Welch's t-test, a million samples).",
  },
  {
    id: "OP-07",
    outcome:
      "Secret scanners find a leaked token by its published format; the server verifies it by its MAC and revokes its grant, and the command names the users to notify. Tokens are not stored, so they cannot be found by hash.",
  },
  {
    id: "OP-08",
    outcome: "Health endpoints reveal nothing, and there is no metrics or admin endpoint.",
    absent: "admin and metrics endpoints",
  },
  {
    id: "OP-09",
    outcome:
      "Every package is pinned by its hash, few may run install scripts, and versions are at least three days old; a command checks signatures before a release.",
  },
  { id: "OP-10", outcome: "No production dependency is a native add-on." },
  { id: "OP-11", outcome: "A clock that steps or differs reactivates no token and invalidates none that is valid." },
  { id: "OP-12", outcome: "Everything that the metadata advertises works, and everything else is absent." },
  {
    id: "OP-13",
    outcome:
      "A right secret passes after any number of wrong ones for the same client_id from the same network; only failures wait. A proxy that is not trusted is reported.",
  },
  {
    id: "OP-14",
    outcome:
      "One password on many accounts is slowed per network and range; 13 networks of one /48 lock out only themselves; a known device signs in during any of these, and sign-ins of other networks are served. Guesses from a hundred ranges still lock an account for browsers that are not known.",
  },
  {
    id: "OP-15",
    outcome:
      "Limiters and caches stay within a bound in bytes under keys of any number and length, and the log counts events that repeat instead of writing them.",
  },
  {
    id: "OP-16",
    outcome:
      "A browser that repeats an authorization request gets the same code while it is fresh, and so does a consent form that is posted twice. An account has at most 32 codes that wait to be redeemed; the oldest goes.",
  },
];
