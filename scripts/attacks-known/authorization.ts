import type { Attack } from "./attack.ts";

/** Redirect URIs (AZ) and authorization requests (AP). */
export const authorizationAttacks: readonly Attack[] = [
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
    outcome:
      "A private-use URI scheme is for public applications only, and must be a reverse domain name. An operator may accept other schemes of apps for one application, but none that browsers handle themselves.",
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
  {
    id: "AP-11",
    outcome: "Any state is returned byte for byte, with a refusal if it exceeds 2 KiB; no header grows with it.",
  },
  { id: "AP-12", outcome: "Every authorization response contains the issuer." },
  { id: "AP-13", outcome: "Forms are answered with 303, so browsers do not forward a posted password." },
  {
    id: "AP-14",
    outcome: "Referrers do not pass a request or a code on to another site, and no answer is in a fragment.",
  },
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
];
