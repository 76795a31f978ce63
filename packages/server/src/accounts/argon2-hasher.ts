import { argon2, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import type { AccountId } from "@symbolon/protocol";
import type { Random } from "../deps.ts";
import type { Keyring } from "../keyring/keyring.ts";
import { fairQueue, type QueueLimits } from "./fair-queue.ts";
import type { PasswordHasher } from "./password.ts";

/** OWASP's first choice for argon2id (attacks.md §0.5): 46 MiB, one pass, one lane; 50 to 150 ms on a common core. */
const cost = { memory: 47_104, passes: 1, parallelism: 1 };
const tagLength = 32;
const saltLength = 16;

const derive = promisify(argon2);

/**
 * Hashes passwords with argon2id, and the result with the keyring's pepper and the account id. An attacker who can only
 * write to the database can therefore neither make a matching hash nor copy one from another account. At most `atOnce`
 * hashes run and `waiting` wait, because each takes a thread of libuv's pool; origins take turns, and further calls get
 * "busy" (OP-05).
 */
export function argon2Hasher(
  random: Random,
  keyring: Pick<Keyring, "digest">,
  limits: QueueLimits = { atOnce: 2, waiting: 64, waitingPerOrigin: 8 },
): PasswordHasher {
  const enter = fairQueue(limits);
  const dummySalt = random(saltLength);

  const tagOf = (password: string, salt: Uint8Array, parameters: typeof cost): Promise<Uint8Array> =>
    derive("argon2id", { message: password.normalize("NFKC"), nonce: salt, tagLength, ...parameters });

  const peppered = (account: AccountId | "", tag: Uint8Array): Uint8Array =>
    keyring.digest("password", `${account}\0${unpadded(tag)}`);

  return {
    async hash(account, password) {
      const salt = random(saltLength);
      return formatPhc(salt, peppered(account, await tagOf(password.reveal(), salt, cost)));
    },
    async verify(account, password, origin) {
      const leave = await enter(origin);
      if (leave === undefined) return "busy";
      try {
        const known = account === undefined ? undefined : parsePhc(account.passwordHash);
        const tag = peppered(
          account?.id ?? "",
          await tagOf(password.reveal(), known?.salt ?? dummySalt, known?.cost ?? cost),
        );
        return known !== undefined && timingSafeEqual(tag, known.tag);
      } finally {
        leave();
      }
    },
  };
}

const formatPhc = (salt: Uint8Array, tag: Uint8Array): string =>
  `$argon2id-hmac$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${unpadded(salt)}$${unpadded(tag)}`;

const unpadded = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64").replaceAll("=", "");

function parsePhc(text: string): { salt: Uint8Array; tag: Uint8Array; cost: typeof cost } {
  const match = /^\$argon2id-hmac\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]{43})$/.exec(text);
  if (match === null) throw new Error("A stored password hash is not a peppered argon2id PHC string.");
  const [, memory, passes, parallelism, salt, tag] = match;
  return {
    salt: Buffer.from(salt!, "base64"),
    tag: Buffer.from(tag!, "base64"),
    cost: { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) },
  };
}
