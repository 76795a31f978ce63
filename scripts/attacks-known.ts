/** What comes of the attack; `absent` names a feature that the attack needs and that does not exist. */
export type Attack = { id: string; says: string; absent?: string };

/** Attacks on something that is not built yet. */
export type UnbuiltGroup = { group: string; awaits: string };

/**
 * The hostile requests that the server must survive: what somebody tries, and what comes of it. The ids are those of
 * the project's catalogue. `absent` names a feature that would have to exist for the attack; its tests show that it
 * does not.
 */
export const knownAttacks: readonly Attack[] = [
  {
    id: "AZ-01",
    says: "A redirect URI with a slash, a query, a fragment or another case than the registered one never gets a redirect.",
  },
  { id: "AZ-02", says: "A host that only begins or ends like the registered one is another host." },
  { id: "AZ-03", says: "User information in front of a host, escaped or not, is refused." },
  { id: "AZ-04", says: "A backslash, which parsers read in two ways, is refused." },
  { id: "AZ-05", says: "Dot segments, escaped letters and escaped controls are not undone before comparing." },
  { id: "AZ-06", says: "A default port or upper case is another string, so another URI." },
  {
    id: "AZ-07",
    says: "Hosts beyond ASCII, which browsers fold into other hosts, are neither registered nor matched.",
  },
  { id: "AZ-08", says: "A tab or line break, which a browser would drop, is refused at registration and at request." },
  { id: "AZ-09", says: "Schemes that run or read something in the browser, and fragments, cannot be registered." },
  {
    id: "AZ-10",
    says: "Plain http is for three loopback names, of which only the port is free; whatever merely resolves to loopback is refused.",
  },
  { id: "AZ-11", says: "Wildcards and patterns are literal text and cannot be registered." },
  {
    id: "AZ-12",
    says: "Without a redirect URI the only registered one is taken; several, or one sent twice, end on our own page.",
  },
  { id: "AZ-13", says: "The redirect URI of one application does not serve another." },
  {
    id: "AZ-14",
    says: "The answer goes where the sealed request said, checked once more when it goes, under prompt=none too.",
  },
  { id: "AZ-15", says: "There is no pushed request to reuse or to guess.", absent: "pushed authorization requests" },
  {
    id: "AZ-16",
    says: "Request objects, by value or by reference, are refused and never fetched.",
    absent: "request objects",
  },
  {
    id: "AZ-17",
    says: "Nothing but redirect_uri says where a browser goes: post-logout addresses, error_uri and login_hint lead nowhere.",
    absent: "post-logout redirects",
  },
  { id: "AZ-18", says: "A private scheme is a reverse domain name and belongs to public applications." },

  { id: "AP-01", says: "A request without PKCE is refused, whoever asks." },
  { id: "AP-02", says: "The challenge is S256, spelled so, and the base64url of 32 bytes." },
  { id: "AP-03", says: "A grant that has no challenge redeems nothing, even with a verifier." },
  { id: "AP-04", says: "A verifier that is missing or malformed redeems nothing and leaves the code good." },
  { id: "AP-05", says: "Every response type but code is refused, and no token ever stands in a URL." },
  { id: "AP-06", says: "Answers travel in the query; every other response mode is refused." },
  { id: "AP-07", says: "A parameter sent twice is refused; an empty one counts as absent." },
  {
    id: "AP-08",
    says: "A posted request is read from its body, and query parameters beside it are refused rather than merged.",
  },
  {
    id: "AP-09",
    says: "An unknown, suspended or deleted application gets a page, at consent and at the token endpoint a refusal.",
  },
  {
    id: "AP-10",
    says: "A scope that is malformed, too long or not the application's is refused, and its text is never shown.",
  },
  { id: "AP-11", says: "A state of up to 2 KiB comes back byte for byte, whatever is in it." },
  { id: "AP-12", says: "Every answer to an application carries the issuer." },
  { id: "AP-13", says: "After a form comes 303, so no browser sends a password on." },
  { id: "AP-14", says: "Neither fragment nor referrer carries a request or a code further." },
  { id: "AP-15", says: "An error is sent only to a checked redirect URI, and a stranger's request ends on a page." },
  {
    id: "AP-16",
    says: "A code is bound to application, redirect URI and challenge, and is of no use in another browser.",
  },
  { id: "AP-17", says: "prompt and max_age hold until the answer." },
  { id: "AP-18", says: "One tab's consent never answers another's, and the last step alone answers nothing." },
  {
    id: "AP-19",
    says: "A remembered consent serves neither an application of unsure identity nor a request for more.",
  },
  { id: "AP-20", says: "A resource is known, allowed and inside the consent at every grant." },

  { id: "WB-01", says: "A consent form from elsewhere, or of another session or page, counts for nothing." },
  { id: "WB-02", says: "Nobody is signed in by a form on another site." },
  { id: "WB-03", says: "Signing in changes the session, so a planted cookie is worth nothing." },
  { id: "WB-04", says: "No page of ours is shown in a frame." },
  { id: "WB-05", says: "Pages run no script, load nothing foreign, and work without JavaScript." },
  { id: "WB-06", says: "The session cookie is bound to this host, and the session ends on the server." },
  { id: "WB-07", says: "Hostile names, states and descriptions are inert text on every page." },
  {
    id: "WB-08",
    says: "There is no logo upload; an asset of ours is what it says, in a sandbox.",
    absent: "logo upload",
  },
  {
    id: "WB-09",
    says: "Consent shows who asks, where the answer goes, what for and for how long; a name that mixes alphabets or hides characters cannot pretend otherwise.",
  },
  { id: "WB-10", says: "No page manages applications; the command shows a secret once.", absent: "a developer portal" },
  { id: "WB-11", says: "No answer is paged, so there is no cursor to forge.", absent: "cursors" },
  { id: "WB-12", says: "Known and unknown people hear the same, after the same work." },
  {
    id: "WB-13",
    says: "No request registers or changes anything by JSON, and unknown keys of the configuration are refused.",
    absent: "registration over HTTP",
  },
  { id: "WB-14", says: "An e-mail address is normalised before it is judged." },
  {
    id: "WB-15",
    says: "Accounts are made by the operator, one per address; nothing links two of them.",
    absent: "self-registration and account linking",
  },
  {
    id: "WB-16",
    says: "What a peer says of its own address, host or scheme is not believed; a trusted proxy is believed about the address alone.",
  },
  {
    id: "WB-17",
    says: "Suspended or deleted people and applications, and people whose password was changed, lose sessions, codes and tokens at once, and get none of them back.",
  },
  { id: "WB-18", says: "No origin is told that it may read anything." },
  { id: "WB-19", says: "No page of ours posts messages to another window.", absent: "the web_message response mode" },

  { id: "CA-01", says: "Two ways of authenticating at once are refused." },
  { id: "CA-02", says: "Two different client ids in one request are refused." },
  { id: "CA-03", says: "Secrets and tokens in a URL are refused unread and logged nowhere." },
  { id: "CA-04", says: "An application keeps to the method that it is registered with." },
  { id: "CA-05", says: "Without its secret a confidential application gets nothing, at any endpoint, for any grant." },
  { id: "CA-06", says: "Basic credentials are decoded exactly or refused." },
  { id: "CA-07", says: "An assertion, whatever its algorithm, authenticates nobody.", absent: "client assertions" },
  { id: "CA-08", says: "No audience makes an assertion good.", absent: "client assertions" },
  {
    id: "CA-09",
    says: "No jti is remembered, because no assertion is accepted even once.",
    absent: "client assertions",
  },
  { id: "CA-10", says: "No expiry makes an assertion good.", absent: "client assertions" },
  { id: "CA-11", says: "No client key is registered, fetched or cached.", absent: "client keys" },
  { id: "CA-12", says: "Every wrong secret is answered like an unknown client." },
  { id: "CA-13", says: "While a secret is rotated both work; a removed one fails at once." },
  { id: "CA-14", says: "Failed authentication is a 401 that does not tell whether the client exists." },

  { id: "TK-01", says: "A second valid use of a code is refused and ends everything that came of the first." },
  { id: "TK-02", says: "A replay by somebody who could not have redeemed the code revokes nothing." },
  { id: "TK-03", says: "However many redeem one code at once, one succeeds." },
  { id: "TK-04", says: "A request that fails for another reason leaves the code usable." },
  { id: "TK-05", says: "What was given to one application is refused to another, and stays good." },
  { id: "TK-06", says: "The redirect URI of the redemption is the one of the request." },
  { id: "TK-07", says: "One kind of artefact never passes for another." },
  { id: "TK-08", says: "A token has one spelling." },
  { id: "TK-09", says: "A refresh may narrow the scope of its access token and never widen it." },
  { id: "TK-10", says: "A spent refresh token that comes back after its successor was used ends the grant." },
  { id: "TK-11", says: "A replay inside the policy brings the very same successor, and outside it is theft." },
  { id: "TK-12", says: "Simultaneous refreshes make one lineage, never two and never none." },
  {
    id: "TK-13",
    says: "Once a revocation is acknowledged, whoever ordered it, no token of the grant is active, whatever refresh it raced.",
  },
  { id: "TK-14", says: "What was revoked stays dead after a restart and after the clock went back." },
  { id: "TK-15", says: "Idle and absolute ends both hold, and no access token outlives its grant." },
  { id: "TK-16", says: "Grant types that do not exist, or are not the application's, are refused." },
  { id: "TK-17", says: "Client credentials bring no refresh token, and their subject is no person." },
  { id: "TK-18", says: "No token is exchanged for another.", absent: "token exchange" },
  { id: "TK-19", says: "No answer of the token endpoint is stored or readable by another origin." },
  { id: "TK-20", says: "A token for one API is refused at another." },

  { id: "IN-01", says: "Introspection is for resource servers and applications that prove who they are." },
  { id: "IN-02", says: "A resource server hears nothing of a token for another." },
  { id: "IN-03", says: "An application hears of its own tokens alone." },
  { id: "IN-04", says: "Every dead token brings the same bytes." },
  {
    id: "IN-05",
    says: "Made-up tokens die before any row is read, and a caller that scans with them is slowed down and logged.",
  },
  { id: "IN-06", says: "A wrong hint changes nothing." },
  { id: "IN-07", says: "A refresh token is no access token, whatever it is dressed as." },
  { id: "IN-08", says: "An empty, huge or hostile token is refused at the cost of reading it." },
  { id: "IN-09", says: "Each source of revocation alone makes a token inactive." },
  { id: "IN-10", says: "A token in the URL is not looked at, and no answer is stored." },
  {
    id: "IN-11",
    says: "Introspection answers plain JSON, never a signed token that could be presented.",
    absent: "signed introspection answers",
  },

  { id: "RV-01", says: "An application ends its own tokens, and a refresh token takes its access tokens along." },
  { id: "RV-02", says: "Another application's token lives on." },
  { id: "RV-03", says: "A public application revokes its own tokens by its id alone." },
  { id: "RV-04", says: "An unknown token is a success; storage that fails never is." },
  { id: "RV-05", says: "Without the right authentication nothing is revoked." },
  { id: "RV-06", says: "A grant with any number of descendants ends in one write." },
  {
    id: "RV-07",
    says: "No page lists a person's grants yet; the operator lists them, ends one or all, and the tokens are dead at once.",
    absent: "the page of connected applications",
  },

  {
    id: "HT-01",
    says: "Five thousand sockets that trickle are cut off by time and number, and others are served meanwhile.",
  },
  { id: "HT-02", says: "A body has a size and one end, and headers have a size." },
  { id: "HT-03", says: "A body of another media type is refused." },
  { id: "HT-04", says: "A form that needs mending is refused." },
  { id: "HT-05", says: "Hostile headers are refused, and the process lives." },
  { id: "HT-06", says: "JSON is refused before it is parsed." },
  {
    id: "HT-07",
    says: "Long hostile strings cost no more than their length, and a checker finds no regular expression that could be made to cost more.",
  },
  { id: "HT-08", says: "Other methods are 405, other spellings of a path 404." },
  { id: "HT-09", says: "Nothing that was sent breaks into a header, and an unknown host is 421." },
  { id: "HT-10", says: "HTTP/2 is not spoken, so it floods nothing.", absent: "HTTP/2" },
  { id: "HT-11", says: "A Connection header strips no other header." },
  { id: "HT-12", says: "No answer tells what the server is made of." },
  { id: "HT-13", says: "A stranger leaves no row behind." },
  {
    id: "HT-14",
    says: "No file of tests leaves anything on the prototype of all objects; the server runs under each of Node's hardening flags, and the tests of the packages under --disable-proto=delete (`npm run hardened`).",
  },

  { id: "ST-01", says: "After a whole life, database, log, backup and event log hold no credential." },
  {
    id: "ST-02",
    says: "A database without its keyring authenticates no client, session or token, and neither they nor a password can be written into it or copied from row to row.",
  },
  { id: "ST-03", says: "Injection finds no statement to change, at any input." },
  { id: "ST-04", says: "Under random ids nobody is answered with somebody else's rows." },
  { id: "ST-05", says: "Identifiers are compared as bytes, whatever a database thinks of case, wildcards or NUL." },
  { id: "ST-06", says: "Database files are for their owner alone, and the connection is hardened or does not open." },
  {
    id: "ST-07",
    says: "A server does not start on a restored backup until an operator says whether every grant is revoked or kept; every session ends either way.",
  },
  { id: "ST-08", says: "No row outside of the account names a person, and deleting the account removes its row." },
  { id: "ST-09", says: "A deleted identifier is never issued again." },
  {
    id: "ST-10",
    says: "Keyring, database and the keeper's stores open only for their owner, through no link and in no shared place; a truncated file gives way to the one before it, and records that changed places are rejected.",
  },

  { id: "OP-01", says: "No log line holds a credential, and none quotes a query string." },
  { id: "OP-02", says: "Hostile text stays inside one escaped line of the log." },
  {
    id: "OP-03",
    says: "Guessing is limited by account, network and client, one success resets nobody else, and the owner is not shut out.",
  },
  {
    id: "OP-04",
    says: "Limits are counted in one step, in bounded memory, and need no store; each process counts for itself, and a restart forgets.",
  },
  { id: "OP-05", says: "Password checks wait in a bounded queue." },
  {
    id: "OP-06",
    says: "Known and unknown users and clients cost the same hashes and look-ups, and so does every made-up token; the operations are counted in the tests, and a script times them (Welch, a million samples).",
  },
  {
    id: "OP-07",
    says: "A leaked token is found by its published shape in any report, told from a made-up one by its MAC, and ended with its grant; the command names whom to tell. Nothing is found by a hash, because no token is stored.",
  },
  {
    id: "OP-08",
    says: "Health answers tell nothing, and there is no metrics or admin endpoint.",
    absent: "admin and metrics endpoints",
  },
  {
    id: "OP-09",
    says: "Every package is pinned by its hash, few may run a script at install, none younger than three days is chosen; signatures are checked by a command before a release.",
  },
  { id: "OP-10", says: "Nothing that runs in production is a native add-on." },
  { id: "OP-11", says: "A clock that steps or disagrees revives nothing and costs nobody a valid token." },
  { id: "OP-12", says: "What is advertised works, and what is not advertised does not exist." },

  {
    id: "MX-01",
    says: "The client refuses an answer whose issuer is wrong, or missing though promised; no request for tokens leaves, and the error text is not shown.",
  },
  { id: "MX-02", says: "The client believes metadata only where its issuer is the very string that was asked for." },
  {
    id: "MX-03",
    says: "A code of one provider cannot be put to another: the sealed transaction opens for its own issuer and application alone.",
  },
  {
    id: "MX-04",
    says: "The client refuses a state that is missing, wrong, used, old, of another tab or another person, and spends it before it asks for tokens.",
  },
  { id: "MX-05", says: "What is configured wrongly in a check of the client lets nobody in." },
  { id: "MX-06", says: "The client follows no redirect, so its credentials and tokens go nowhere else." },
  {
    id: "MX-07",
    says: "The client takes no endpoint but https, or http on the same machine, and never opens a browser through a shell.",
  },
  {
    id: "MX-08",
    says: "Whatever a provider answers, the client ends with a value or a typed error, in bounded memory.",
  },
  {
    id: "MX-09",
    says: "No error of the client, nor its cause, nor its debug log, holds a token, code, verifier or secret, in any spelling.",
  },
  {
    id: "MX-10",
    says: "The client's loopback listener is on 127.0.0.1 alone, answers one path, once, under its own Host, and closes after five minutes.",
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
