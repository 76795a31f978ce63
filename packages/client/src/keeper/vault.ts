import { decodeBase64Url, encodeBase64Url } from "@symbolon/protocol";
import { platformWorld } from "../edge.ts";
import { KeeperError } from "./errors.ts";
import { parseJson } from "../parse-json.ts";
import { misfitOf, type Shape } from "./shape.ts";
import type { KeeperStore } from "./store.ts";

/** Seals what is secret in a record. An interface, so that a simulation can do without cryptography. */
export type Vault = {
  /** Seals `text`. `bound` is not part of the result, and must be the same when it is opened. */
  seal(text: string, bound: string): Promise<string>;
  /**
   * Rejects with `KeeperError` "unreadable" where text, binding or key do not match; its `field` is "seal" where the
   * key is certainly right.
   */
  open(sealed: string, bound: string): Promise<string>;
  /** A digest that names a text without revealing it. */
  tag(text: string): Promise<string>;
  /**
   * Wraps every data key with the current wrapping key, and creates a new data key. A damaged one stays as it is; then
   * rejects with "unreadable" after the others are done.
   */
  rekey(): Promise<void>;
};

type Bytes = Uint8Array<ArrayBuffer>;

/** A key that wraps data keys: bytes from the environment or a keychain (`wrappingKey`), or a KMS. */
export type WrappingKey = {
  /** Stored beside what the key wrapped: a key is found by its id, never by trying. */
  id: string;
  /** Encrypts a data key. */
  wrap(dataKey: Uint8Array): Promise<Uint8Array>;
  /** Decrypts what `wrap` returned; rejects if it was changed. */
  unwrap(wrapped: Uint8Array): Promise<Uint8Array>;
};

/** `current` wraps and unwraps, `others` only unwrap. */
export type Keys = {
  /** Wraps and unwraps. */
  current: WrappingKey;
  /** Former keys, which only unwrap. */
  others?: readonly WrappingKey[] | undefined;
};

/** A data key as stored. `check` tells a wrong key from a damaged record, because GCM does not commit to its key. */
type Wrapped = { by: string; key: string; check: string };

const wrappedShape: Shape = { by: "", key: /^[\w-]+$/, check: /^[\w-]{43}$/ };

/** A wrapping key of 32 bytes. */
export function wrappingKey(id: string, secret: Uint8Array): WrappingKey {
  if (!id || secret.length !== 32)
    throw new KeeperError("invalid_input", { field: "keys", expected: "an id and 32 bytes" });
  const key = aesKey(secret as Bytes);
  return {
    id,
    wrap: async (bytes) => encrypt(await key, bytes as Bytes, id, platformWorld.random),
    unwrap: async (bytes) => decrypt(await key, bytes as Bytes, id),
  };
}

/**
 * AES-256-GCM under data keys that are kept, wrapped, in the store itself at `k.1`, `k.2` and so on. The newest seals,
 * and a sealed text names its key. A damaged data key is never overwritten, because what it sealed opens again once it
 * is repaired: where the newest is damaged, the next number is created. @see attacks.md §0.5, "Client store, envelope"
 */
export function openVault(
  store: KeeperStore,
  { current, others = [] }: Keys,
  random: (length: number) => Uint8Array,
): Vault {
  const opened = new Map<string, Promise<CryptoKey>>();
  let newest: Promise<string> | undefined;

  function dataKey(name: string): Promise<CryptoKey> {
    const key =
      opened.get(name) ??
      store
        .read(`k.${name}`)
        .then(async (entry) => aesKey(await unwrap(wrappedIn(entry?.value ?? "") ?? lost(`k.${name}`))));
    opened.set(name, key);
    key.catch(() => opened.delete(name));
    return key;
  }

  async function unwrap({ by, key, check }: Wrapped): Promise<Bytes> {
    const wrapping =
      [current, ...others].find(({ id }) => id === by) ??
      unreadable(`its data key is wrapped by ${by}, which keys does not hold`);
    const bytes = (await wrapping.unwrap(bytesOf(key)).catch(() => unreadable(`${by} is another key now`))) as Bytes;
    return (await digest(bytes)) === check ? bytes : unreadable(`${by} is another key now`);
  }

  const wrap = async (bytes: Bytes): Promise<string> =>
    JSON.stringify({
      by: current.id,
      key: encodeBase64Url(await current.wrap(bytes)),
      check: await digest(bytes),
    } satisfies Wrapped);

  /** The highest number of a data key, damaged ones included. */
  async function highest(): Promise<{ number: number; isDamaged: boolean }> {
    let found = { number: 0, isDamaged: false };
    for await (const { key, value } of store.entries("k.")) {
      const number = Number(/^k\.(\d+)$/.exec(key)?.[1] ?? 0);
      if (number > found.number) found = { number, isDamaged: wrappedIn(value) === undefined };
    }
    return found;
  }

  /** Creates a data key. Where another process was first, that one's key stays. */
  const add = async (number: number): Promise<string> => {
    await store.write(`k.${number}`, 0, await wrap(new Uint8Array(random(32))));
    return `${number}`;
  };

  return {
    async seal(text, bound) {
      newest ??= highest().then(({ number, isDamaged }) => (number === 0 || isDamaged ? add(number + 1) : `${number}`));
      newest.catch(() => (newest = undefined));
      const name = await newest;
      return `${name}.${encodeBase64Url(await encrypt(await dataKey(name), utf8(text), `${name} ${bound}`, random))}`;
    },
    async open(sealed, bound) {
      const [, name = "", body = ""] = /^(\d+)\.(.+)$/.exec(sealed) ?? damaged();
      const key = await dataKey(name);
      return new TextDecoder().decode(
        await decrypt(key, decodeBase64Url(body) as Bytes, `${name} ${bound}`).catch(damaged),
      );
    },
    tag: (text) => digest(utf8(text)),
    async rekey() {
      const damagedKeys: string[] = [];
      for await (const { key, revision, value } of store.entries("k.")) {
        const wrapped = wrappedIn(value);
        if (wrapped === undefined) damagedKeys.push(key);
        else if (wrapped.by !== current.id) await store.write(key, revision, await wrap(await unwrap(wrapped)));
      }
      newest = Promise.resolve(await add((await highest()).number + 1));
      if (damagedKeys.length > 0)
        unreadable(
          `every other data key is wrapped by ${current.id}, but not ${damagedKeys.join(", ")}, damaged: put it back and do it again`,
        );
    },
  };
}

function unreadable(message: string, field?: "seal"): never {
  throw new KeeperError("unreadable", { message, field });
}

const damaged = (): never => unreadable("damaged, or of another place", "seal");

const lost = (key: string): never =>
  unreadable(`its data key, ${key}, is missing or damaged; what it sealed opens again once that is put back`);

/** Undefined if it is damaged. */
function wrappedIn(value: string): Wrapped | undefined {
  const wrapped = parseJson(value);
  return misfitOf(wrapped, wrappedShape) === undefined ? (wrapped as Wrapped) : undefined;
}

const utf8 = (text: string): Bytes => new TextEncoder().encode(text);
const bytesOf = (text: string): Bytes => (decodeBase64Url(text) ?? unreadable("damaged")) as Bytes;
const digest = async (bytes: Bytes): Promise<string> =>
  encodeBase64Url(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
const aesKey = (bytes: Bytes): Promise<CryptoKey> =>
  crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
const aes = (iv: Bytes, bound: string) => ({ name: "AES-GCM", iv, additionalData: utf8(bound) });

/** A nonce of 96 random bits, then the sealed text. */
async function encrypt(
  key: CryptoKey,
  text: Bytes,
  bound: string,
  random: (length: number) => Uint8Array,
): Promise<Uint8Array> {
  const nonce = new Uint8Array(random(12));
  return new Uint8Array([...nonce, ...new Uint8Array(await crypto.subtle.encrypt(aes(nonce, bound), key, text))]);
}

const decrypt = async (key: CryptoKey, sealed: Bytes, bound: string): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.decrypt(aes(sealed.slice(0, 12), bound), key, sealed.slice(12)));
