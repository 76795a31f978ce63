import type { Attack } from "./attack.ts";

/** Pages and sessions (WB). */
export const pageAttacks: readonly Attack[] = [
  { id: "WB-01", outcome: "A consent form from another site, session or page is rejected." },
  { id: "WB-02", outcome: "A form on another site cannot sign a user in." },
  { id: "WB-03", outcome: "Signing in replaces the session, so a cookie that an attacker has planted is useless." },
  { id: "WB-04", outcome: "No page can be shown in a frame." },
  {
    id: "WB-05",
    outcome:
      "Pages load nothing of other sites and work without JavaScript; the one script, which shows a typed password, is allowed by its digest.",
  },
  { id: "WB-06", outcome: "The session cookie is bound to this host, and signing out ends the session on the server." },
  { id: "WB-07", outcome: "Hostile names, states and descriptions are shown as text on every page." },
  {
    id: "WB-08",
    outcome:
      "The provider's logo is a PNG or SVG by its content, within limits and without script or anything of another host; it is served by this server with its exact content type, in a sandbox.",
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
  {
    id: "WB-18",
    outcome:
      "Pages of other origins can read the answers of token, revocation, token info and metadata, and no other answer.",
  },
  { id: "WB-19", outcome: "No page posts messages to another window.", absent: "the web_message response mode" },
  {
    id: "WB-21",
    outcome:
      "A popup with the sign-in and consent pages keeps its opener, which sign-in libraries need; no page can be framed.",
  },
  {
    id: "WB-22",
    outcome:
      "`ui_locales` and Accept-Language only choose among the languages of the pages: sixteen well-formed tags are read, and none of them is written into an answer.",
  },
  {
    id: "WB-23",
    outcome:
      "Names, colours, addresses and translations of the provider are checked at the start, and are text on the pages: none becomes markup, a style or a script.",
  },
];
