import type { ClientOptions } from "@symbolon/client";

/**
 * What the guides call `options`: id and secret as the provider gave them, and a key that `newTransactionKey()` made
 * once, kept beside the secret. `BASE_URL` is that of an emulator or of a server of your own; leave it out for the
 * provider itself.
 */
export const optionsFrom = ({
  CLIENT_ID,
  CLIENT_SECRET,
  TRANSACTION_KEY,
  BASE_URL,
}: Readonly<Record<string, string | undefined>>): ClientOptions => ({
  clientId: CLIENT_ID,
  clientSecret: CLIENT_SECRET,
  transactionKey: TRANSACTION_KEY,
  baseUrl: BASE_URL,
  authorizeBaseUrl: BASE_URL,
});

/** Where the guides put tokens: your database, with the whole of what `revealTokens` gives. */
export type Store = (tokens: object) => Promise<void>;
