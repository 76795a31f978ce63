import { examine, textOf, type Authorize, type Credentials } from "@symbolon/conformance";

/** Checks an authorization server clause by clause. `authorize` signs in and consents, and answers the redirect URL. */
export async function report(issuer: string, client: Credentials, redirectUri: string, authorize: Authorize) {
  const findings = await examine(
    { issuer, client, redirectUri, scope: undefined, authorize },
    {
      fetch,
      random: (length) => crypto.getRandomValues(new Uint8Array(length)),
      epochMs: () => Date.now(),
      progress: ({ id, at, of }) => console.log(`${at}/${of} ${id}`),
    },
  );
  return textOf(findings);
}
