import { isClientError, type ClientError } from "@symbolon/client";
import { KeeperError } from "@symbolon/client/keeper";
import { KeeperStoreRefused, KeeperStoreUnavailable } from "@symbolon/keeper-stores/files";
import { Failure } from "../command/failure.ts";
import { printable } from "../command/print.ts";
import type { KeeperPlace } from "./place.ts";

/** An expected error of the keeper, the client or the store as a Failure with a remedy; any other error unchanged. */
export function toFailure(error: unknown, { directory, keyFile }: Pick<KeeperPlace, "directory" | "keyFile">): unknown {
  // The message of a store names files and a remedy, and holds no secret.
  if (error instanceof KeeperError && error.cause instanceof KeeperStoreRefused)
    return new Failure(printable(error.cause.message), undefined, { cause: error });
  if (error instanceof KeeperError && error.cause instanceof KeeperStoreUnavailable)
    return toFailure(error.cause, { directory, keyFile });
  if (error instanceof KeeperError)
    return new Failure(printable(`${messageOfKeeperError(error)}.`), remedyOf(error, keyFile), { cause: error });
  if (isClientError(error))
    return new Failure(printable(`${error.message}.`), clientRemedies[error.code], { cause: error });
  if (error instanceof KeeperStoreRefused) return new Failure(error.message, undefined, { cause: error });
  if (error instanceof KeeperStoreUnavailable)
    return new Failure(
      `The grants in ${directory} cannot be read or written: ${error.message}`,
      "Check the disk and its permissions, then try again.",
      { cause: error },
    );
  return error;
}

function messageOfKeeperError({ code, message, id, retryAfterMs, evidence = [] }: KeeperError): string {
  const answer = evidence.at(-1);
  const because =
    answer === undefined
      ? ""
      : `; the provider answered ${[answer.code, answer.description].filter(Boolean).join(": ")}`;
  const wait =
    retryAfterMs === undefined || retryAfterMs === 0
      ? ""
      : `; the next attempt is in ${Math.ceil(retryAfterMs / 1000)} s`;
  const messages: Partial<Record<KeeperError["code"], string>> = {
    unknown_grant: `There is no grant ${id}`,
    ended: `The grant ${id} has ended${because}`,
    suspect: `The provider has refused ${id}, which is not confirmed yet${because}${wait}`,
    paused: `The provider refuses the client credentials${because}${wait}`,
    unavailable: `There is no fresh token for ${id}: the provider does not answer${because}${wait}`,
  };
  return messages[code] ?? message;
}

function remedyOf({ code, id }: KeeperError, keyFile: string): string | undefined {
  const remedies: Partial<Record<KeeperError["code"], string>> = {
    unknown_grant: "symbolon keeper status lists the grants. symbolon login PROFILE makes one.",
    ended: `symbolon keeper explain ${id} tells why. symbolon login makes a new grant.`,
    suspect: `Try again later. symbolon keeper explain ${id} shows the details.`,
    paused: "Log in again with the right client id and secret: symbolon login PROFILE.",
    unavailable: "Try again later.",
    store_unavailable: "Check the disk and its permissions, then try again.",
    unreadable: `Check that SYMBOLON_KEEPER_KEY or ${keyFile} is the key that sealed it.`,
  };
  return remedies[code];
}

const clientRemedies: Partial<Record<ClientError["code"], string>> = {
  access_denied: "The answer on the provider's page was no. To try again, run symbolon login once more.",
  client_credentials_wrong: "Check --client-id and the secret.",
  connection: "Check the URL of the provider. --server names another one.",
};
