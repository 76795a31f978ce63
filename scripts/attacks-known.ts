/** An attack and its outcome. `absent`: a feature that the attack needs; the tests show that it does not exist. */
export type Attack = { id: string; outcome: string; absent?: string };

/** Attacks on something that is not built yet. */
export type UnbuiltGroup = { group: string; awaits: string };

/**
 * The attacks of the project's catalogue, by id, with the outcome that tests prove.
 */
export const knownAttacks: readonly Attack[] = [
  {
    id: "AZ-01",
    outcome:
      "A redirect URI that differs from the registered one in a slash, query, fragment or letter case is rejected without a redirect.",
  },
  { id: "AZ-02", outcome: "A host that only begins or ends like the registered host is rejected." },
  { id: "AZ-03", outcome: "A redirect URI with user information before the host, escaped or not, is rejected." },
  { id: "AZ-04", outcome: "A redirect URI with a backslash is rejected, because URL parsers disagree about it." },
  {
    id: "AZ-05",
    outcome: "Redirect URIs are compared without resolving dot segments and without decoding escaped characters.",
  },
  { id: "AZ-06", outcome: "A default port or an upper-case letter makes a different redirect URI." },
  {
    id: "AZ-07",
    outcome:
      "Hosts with characters outside ASCII, which browsers map to other hosts, cannot be registered and never match.",
  },
  {
    id: "AZ-08",
    outcome:
      "A redirect URI with a tab or line break, which browsers drop, is rejected at registration and in requests.",
  },
  {
    id: "AZ-09",
    outcome: "Schemes that execute or read content in the browser cannot be registered, nor can URIs with a fragment.",
  },
  {
    id: "AZ-10",
    outcome:
      "Plain http is allowed for three loopback names only, and only their port may vary; other names that resolve to loopback are rejected.",
  },
  { id: "AZ-11", outcome: "Wildcards and patterns are compared as literal text and cannot be registered." },
  {
    id: "AZ-12",
    outcome:
      "A request without a redirect URI uses the only registered one; if several are registered, or one is sent twice, the server shows an error page.",
  },
  { id: "AZ-13", outcome: "A redirect URI of another application is rejected." },
  {
    id: "AZ-14",
    outcome:
      "The response is sent to the redirect URI of the sealed request, which is checked again before the redirect, with prompt=none too.",
  },
  {
    id: "AZ-15",
    outcome: "The server has no pushed authorization requests that could be reused or guessed.",
    absent: "pushed authorization requests",
  },
  {
    id: "AZ-16",
    outcome: "Request objects, by value or by reference, are rejected and never fetched.",
    absent: "request objects",
  },
  {
    id: "AZ-17",
    outcome:
      "Only redirect_uri decides where the browser is sent: post-logout addresses, error_uri and login_hint have no effect.",
    absent: "post-logout redirects",
  },
  {
    id: "AZ-18",
    outcome: "A private-use URI scheme must be a reverse domain name and is for public applications only.",
  },

  { id: "AP-01", outcome: "Every authorization request without PKCE is rejected." },
  {
    id: "AP-02",
    outcome: "The challenge method must be S256, spelled exactly so, and the challenge the base64url of 32 bytes.",
  },
  { id: "AP-03", outcome: "A grant without a challenge cannot be redeemed, even with a verifier." },
  { id: "AP-04", outcome: "A missing or malformed verifier is rejected and leaves the code usable." },
  { id: "AP-05", outcome: "Every response type but code is rejected, and no URL ever contains a token." },
  { id: "AP-06", outcome: "Responses use the query; every other response mode is rejected." },
  { id: "AP-07", outcome: "A parameter that is sent twice is rejected; an empty parameter counts as absent." },
  {
    id: "AP-08",
    outcome:
      "A posted authorization request is read from its body; query parameters beside it are rejected, not merged.",
  },
  {
    id: "AP-09",
    outcome:
      "A request of an unknown, suspended or deleted application ends on an error page; consent and the token endpoint reject it too.",
  },
  {
    id: "AP-10",
    outcome:
      "A scope that is malformed, too long or not allowed for the application is rejected, and its text is never shown.",
  },
  { id: "AP-11", outcome: "A state of up to 2 KiB is returned byte for byte." },
  { id: "AP-12", outcome: "Every authorization response contains the issuer." },
  { id: "AP-13", outcome: "Forms are answered with 303, so browsers do not forward a posted password." },
  { id: "AP-14", outcome: "Fragments and referrers do not pass a request or a code on to another site." },
  {
    id: "AP-15",
    outcome: "Errors are sent only to a validated redirect URI; a request of an unknown client ends on an error page.",
  },
  {
    id: "AP-16",
    outcome: "A code is bound to its application, redirect URI and challenge, and does not work in another browser.",
  },
  { id: "AP-17", outcome: "prompt and max_age are enforced until the response is sent." },
  {
    id: "AP-18",
    outcome:
      "The consent of one browser tab never answers the request of another, and the last step cannot be called alone.",
  },
  {
    id: "AP-19",
    outcome:
      "A remembered consent is not used for an application whose identity is uncertain, nor for a request that asks for more.",
  },
  {
    id: "AP-20",
    outcome:
      "Every grant type checks that a resource is registered, allowed for the application and part of the consent.",
  },

  { id: "WB-01", outcome: "A consent form from another site, session or page is rejected." },
  { id: "WB-02", outcome: "A form on another site cannot sign a user in." },
  { id: "WB-03", outcome: "Signing in replaces the session, so a cookie that an attacker has planted is useless." },
  { id: "WB-04", outcome: "No page can be shown in a frame." },
  { id: "WB-05", outcome: "Pages run no script, load no content of other sites, and work without JavaScript." },
  { id: "WB-06", outcome: "The session cookie is bound to this host, and signing out ends the session on the server." },
  { id: "WB-07", outcome: "Hostile names, states and descriptions are shown as text on every page." },
  {
    id: "WB-08",
    outcome: "Logos cannot be uploaded; assets are served with their exact content type, in a sandbox.",
    absent: "logo upload",
  },
  {
    id: "WB-09",
    outcome:
      "The consent page shows the application, where the response goes, what is asked for and for how long; names that mix alphabets or hide characters cannot imitate others.",
  },
  {
    id: "WB-10",
    outcome: "No page manages applications; the command shows a secret once.",
    absent: "a developer portal",
  },
  { id: "WB-11", outcome: "No answer is paged, so there is no cursor to forge.", absent: "cursors" },
  { id: "WB-12", outcome: "Known and unknown users get the same response, after the same work." },
  {
    id: "WB-13",
    outcome: "No request registers or changes anything by JSON, and unknown configuration keys are rejected.",
    absent: "registration over HTTP",
  },
  { id: "WB-14", outcome: "An e-mail address is normalised before it is validated." },
  {
    id: "WB-15",
    outcome: "Only the operator creates accounts, one for each address; accounts cannot be linked.",
    absent: "self-registration and account linking",
  },
  {
    id: "WB-16",
    outcome:
      "Forwarded headers are ignored unless a trusted proxy sends them, and then only the client address is read from them.",
  },
  {
    id: "WB-17",
    outcome:
      "Suspended or deleted users and applications, and users whose password was changed, lose their sessions, codes and tokens at once and for good.",
  },
  { id: "WB-18", outcome: "No other origin is allowed to read a response." },
  { id: "WB-19", outcome: "No page posts messages to another window.", absent: "the web_message response mode" },

  { id: "CA-01", outcome: "A request that authenticates its client in two ways is rejected." },
  { id: "CA-02", outcome: "A request with two different client ids is rejected." },
  {
    id: "CA-03",
    outcome: "A request with a secret or token in its URL is rejected unread, and the value is not logged.",
  },
  { id: "CA-04", outcome: "An application can use only the authentication method that it is registered with." },
  {
    id: "CA-05",
    outcome: "A confidential application must present its secret at every endpoint and for every grant type.",
  },
  { id: "CA-06", outcome: "Malformed Basic credentials are rejected, not repaired." },
  { id: "CA-07", outcome: "Client assertions of every algorithm are rejected.", absent: "client assertions" },
  { id: "CA-08", outcome: "A client assertion is rejected with every audience.", absent: "client assertions" },
  {
    id: "CA-09",
    outcome: "A client assertion is rejected the first time too, so no jti has to be remembered.",
    absent: "client assertions",
  },
  { id: "CA-10", outcome: "A client assertion is rejected with every expiry.", absent: "client assertions" },
  { id: "CA-11", outcome: "Client keys are never registered, fetched or cached.", absent: "client keys" },
  { id: "CA-12", outcome: "A wrong secret and an unknown client get the same response." },
  {
    id: "CA-13",
    outcome: "While a secret is rotated, both the old and the new one work; a removed secret fails at once.",
  },
  { id: "CA-14", outcome: "Failed client authentication is a 401 that does not reveal whether the client exists." },

  { id: "TK-01", outcome: "A second valid use of a code is rejected and revokes every token of the first use." },
  { id: "TK-02", outcome: "A replayed code without the right client and verifier revokes nothing." },
  { id: "TK-03", outcome: "Of any number of simultaneous redemptions of one code, one succeeds." },
  { id: "TK-04", outcome: "A request that fails for another reason leaves the code usable." },
  { id: "TK-05", outcome: "A code or token of one application is rejected for another, and stays usable for its own." },
  { id: "TK-06", outcome: "The redirect URI of the redemption must be that of the authorization request." },
  { id: "TK-07", outcome: "Codes, access tokens and refresh tokens are never accepted in place of one another." },
  { id: "TK-08", outcome: "A token has exactly one valid spelling." },
  { id: "TK-09", outcome: "A refresh may narrow the scope of its access token but not widen it." },
  { id: "TK-10", outcome: "A spent refresh token that is presented after its successor was used revokes the grant." },
  {
    id: "TK-11",
    outcome: "A replay that the policy allows returns the same successor; every other replay counts as theft.",
  },
  { id: "TK-12", outcome: "Simultaneous refreshes create exactly one successor, so one token family." },
  {
    id: "TK-13",
    outcome:
      "Once a revocation is acknowledged, no token of the grant is active, for every way to revoke it and even if a refresh ran at the same time.",
  },
  { id: "TK-14", outcome: "A revoked grant stays revoked after a restart and after the clock was set back." },
  { id: "TK-15", outcome: "Idle and absolute lifetimes are both enforced, and no access token outlives its grant." },
  { id: "TK-16", outcome: "Unknown grant types, and those that the application may not use, are rejected." },
  { id: "TK-17", outcome: "Client credentials return no refresh token, and their subject is never a user." },
  { id: "TK-18", outcome: "Tokens cannot be exchanged for other tokens.", absent: "token exchange" },
  { id: "TK-19", outcome: "Token responses must not be stored, and other origins cannot read them." },
  { id: "TK-20", outcome: "A resource server rejects a token that was issued for another." },

  { id: "IN-01", outcome: "Only authenticated resource servers and applications may introspect." },
  { id: "IN-02", outcome: "A resource server learns nothing about tokens for other resource servers." },
  { id: "IN-03", outcome: "An application learns only about its own tokens." },
  { id: "IN-04", outcome: "Every inactive token gets a response of the same bytes." },
  {
    id: "IN-05",
    outcome: "Forged tokens are rejected before any row is read; a caller that tries many is slowed down and logged.",
  },
  { id: "IN-06", outcome: "A wrong token_type_hint changes nothing." },
  { id: "IN-07", outcome: "A refresh token is never accepted as an access token." },
  { id: "IN-08", outcome: "An empty, very long or hostile token is rejected at the cost of reading it." },
  { id: "IN-09", outcome: "Each cause of revocation makes a token inactive by itself." },
  { id: "IN-10", outcome: "A token in the URL is ignored, and introspection responses must not be stored." },
  {
    id: "IN-11",
    outcome: "Introspection responses are plain JSON, never a signed token that could be presented.",
    absent: "signed introspection answers",
  },

  {
    id: "RV-01",
    outcome: "An application revokes its own tokens; revoking a refresh token revokes its access tokens.",
  },
  { id: "RV-02", outcome: "A token of another application stays active." },
  { id: "RV-03", outcome: "A public application revokes its own tokens with its client id only." },
  { id: "RV-04", outcome: "Revoking an unknown token succeeds; a storage failure is always an error." },
  { id: "RV-05", outcome: "A request without valid client authentication revokes nothing." },
  { id: "RV-06", outcome: "A grant with any number of tokens is revoked by one write." },
  {
    id: "RV-07",
    outcome:
      "Users have no page that lists their grants yet; the operator lists them and revokes one or all, and the tokens are inactive at once.",
    absent: "the page of connected applications",
  },

  {
    id: "HT-01",
    outcome:
      "Five thousand slow connections are closed by time and number limits, and other clients are served meanwhile.",
  },
  { id: "HT-02", outcome: "Bodies and headers have a maximum size, and a body has one unambiguous length." },
  { id: "HT-03", outcome: "A body of another media type is rejected." },
  { id: "HT-04", outcome: "A malformed form is rejected, not repaired." },
  { id: "HT-05", outcome: "Hostile headers are rejected, and the process goes on." },
  { id: "HT-06", outcome: "JSON is rejected before it is parsed." },
  {
    id: "HT-07",
    outcome:
      "The time for long hostile strings is proportional to their length, and a checker finds no regular expression that can be made slow.",
  },
  { id: "HT-08", outcome: "Other methods get 405, and other spellings of a path 404." },
  { id: "HT-09", outcome: "Input cannot add or split headers, and a request for an unknown host gets 421." },
  { id: "HT-10", outcome: "HTTP/2 is not supported, so its floods do not apply.", absent: "HTTP/2" },
  { id: "HT-11", outcome: "A Connection header cannot remove other headers." },
  { id: "HT-12", outcome: "Responses do not reveal software or versions." },
  { id: "HT-13", outcome: "Requests of unknown clients store no row." },
  {
    id: "HT-14",
    outcome:
      "No test file leaves anything on Object.prototype; the server runs under each of Node's hardening flags, and the tests of the packages under --disable-proto=delete (`npm run hardened`).",
  },

  { id: "ST-01", outcome: "After every kind of request, database, log, backup and event log contain no credential." },
  {
    id: "ST-02",
    outcome:
      "Without its keyring, a database authenticates no client, session or token; a hash that is written or copied into it by hand is rejected.",
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
  { id: "ST-08", outcome: "Only the account row identifies a user, and deleting the account removes it." },
  { id: "ST-09", outcome: "A deleted identifier is never issued again." },
  {
    id: "ST-10",
    outcome:
      "Keyring, database and keeper stores open only if their owner alone can read them, not through links and not in shared folders; a truncated file is replaced by its previous version, and records that were swapped are rejected.",
  },

  { id: "OP-01", outcome: "Log lines contain no credential and no query string." },
  { id: "OP-02", outcome: "Hostile text stays inside one escaped log line." },
  {
    id: "OP-03",
    outcome:
      "Guesses are limited by account, network and client; a success resets only its own limit, and the account's owner is not locked out.",
  },
  {
    id: "OP-04",
    outcome:
      "Limits are counted in one atomic step, in bounded memory, without a store; each process counts for itself, and a restart resets the counts.",
  },
  { id: "OP-05", outcome: "Password checks wait in a bounded queue." },
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
    id: "MX-01",
    outcome:
      "The client rejects a response whose issuer is wrong, or missing although the metadata promises it; it sends no token request and does not show the error text.",
  },
  { id: "MX-02", outcome: "The client accepts metadata only if its issuer equals the requested issuer exactly." },
  {
    id: "MX-03",
    outcome:
      "A code of one provider cannot be sent to another: the sealed transaction opens only for its own issuer and application.",
  },
  {
    id: "MX-04",
    outcome:
      "The client rejects a state that is missing, wrong, used, old, or of another tab or user, and spends it before it requests tokens.",
  },
  { id: "MX-05", outcome: "A misconfigured check in the client fails closed." },
  { id: "MX-06", outcome: "The client follows no redirect, so its credentials and tokens are not sent elsewhere." },
  {
    id: "MX-07",
    outcome:
      "The client accepts only https endpoints, or http on the same machine, and never opens a browser through a shell.",
  },
  {
    id: "MX-08",
    outcome: "For every response of a provider, the client returns a value or throws a typed error, in bounded memory.",
  },
  {
    id: "MX-09",
    outcome:
      "Errors of the client, their causes and its debug log contain no token, code, verifier or secret, in any encoding.",
  },
  {
    id: "MX-10",
    outcome:
      "The client's loopback listener binds to 127.0.0.1 only, answers one path once under its own Host, and closes after five minutes.",
  },
];

/** Groups of the catalogue whose package does not exist yet. */
export const unbuiltGroups: readonly UnbuiltGroup[] = [
  { group: "RG", awaits: "the guard package: caching and the revocation feed" },
  {
    group: "SS",
    awaits:
      "registration over HTTP and client metadata documents, the first things that would make the server fetch an address",
  },
  { group: "JW", awaits: "JWT access tokens and assertions" },
  { group: "DP", awaits: "DPoP" },
  { group: "DV", awaits: "the device flow" },
];
