import { createClient, newTransactionKey, symbolon, type Client, type Tokens } from "@symbolon/client";

/** An application that runs in a page. Register it as a public one; `redirectUri` is a page of its own origin. */
export type PageApplication = { issuer: string; clientId: string; redirectUri: string };

/** Leaves the page for sign-in and consent. What is needed to come back waits in the session storage of this tab. */
export async function leaveForSignIn({ issuer, clientId, redirectUri }: PageApplication, prompt?: "none") {
  const transactionKey = newTransactionKey();
  const client = createClient(symbolon, { baseUrl: issuer, clientId, transactionKey });
  const { url, transaction } = await client.beginAuthorization({ redirectUri, scope: ["payroll:read"], prompt });
  sessionStorage.setItem("sign-in", JSON.stringify({ transactionKey, transaction }));
  location.assign(url);
}

/** Ends the sign-in in the page at `redirectUri`: takes the code out of the address and exchanges it for tokens. */
export async function finishSignIn({ issuer, clientId }: PageApplication) {
  const { transactionKey, transaction } = JSON.parse(sessionStorage.getItem("sign-in") ?? "{}");
  const callback = location.href;
  sessionStorage.removeItem("sign-in");
  history.replaceState(null, "", location.pathname);
  const client = createClient(symbolon, { baseUrl: issuer, clientId, transactionKey });
  return keepInMemory(client, await client.finishAuthorization({ callback, transaction }));
}

/** The tokens stay in memory. A reload loses them; `leaveForSignIn(application, "none")` then brings new ones. */
function keepInMemory(client: Client, tokens: Tokens) {
  let refreshing: Promise<void> | undefined;
  async function refresh() {
    tokens = { ...tokens, ...(await client.refresh({ refreshToken: tokens.refreshToken! })) };
  }
  return {
    /** A valid access token; one refresh serves all callers. */
    async accessToken() {
      const isDue = tokens.expiresAt !== undefined && tokens.expiresAt.getTime() - Date.now() < 60_000;
      if (isDue) await (refreshing ??= refresh().finally(() => (refreshing = undefined)));
      return tokens.accessToken;
    },
    /** Ends the grant with all its tokens. */
    signOut: () => client.revoke({ token: tokens.refreshToken! }),
  };
}
