import type { ClientOptions } from "@symbolon/client";

/**
 * Reads the `options` of the guides from environment variables. `CLIENT_ID` and `CLIENT_SECRET` come from the provider;
 * `TRANSACTION_KEY` is made once with `newTransactionKey()`. `BASE_URL` is the address of an emulator or of your own
 * server; leave it out for the real provider.
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

/** Stores what `revealTokens` returns in your database. */
export type Store = (tokens: object) => Promise<void>;
