/**
 * Strict base64 and base64url (RFC 4648 §4, §5). The platform's decoders repair bad input, so that several texts decode
 * to one value. These accept the canonical text only, and return `undefined` for any other.
 */
const urlAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const urlValues = valuesOf(urlAlphabet);

/** The two characters of each 12 bits. */
const urlPairs = Array.from({ length: 4096 }, (_, bits) => urlAlphabet[bits >> 6]! + urlAlphabet[bits & 63]!);

/** Unpadded base64url of `bytes`. */
export function encodeBase64Url(bytes: Uint8Array): string {
  let text = "";
  const whole = bytes.length - (bytes.length % 3);
  for (let at = 0; at < whole; at += 3) {
    const three = (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!;
    text += urlPairs[three >> 12]! + urlPairs[three & 4095]!;
  }
  if (bytes.length - whole === 1) text += urlPairs[bytes[whole]! << 4]!;
  if (bytes.length - whole === 2)
    text += urlPairs[(bytes[whole]! << 4) | (bytes[whole + 1]! >> 4)]! + urlAlphabet[(bytes[whole + 1]! & 15) << 2]!;
  return text;
}

/** Decodes padded base64 to a string with one character for each byte, or `undefined` if the text is not canonical. */
export function decodeBase64(text: string): string | undefined {
  try {
    const decoded = atob(text);
    return btoa(decoded) === text ? decoded : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The bytes of unpadded base64url, or `undefined` for padding, another character, a wrong length or nonzero spare bits.
 */
export function decodeBase64Url(text: string): Uint8Array | undefined {
  const { length } = text;
  if (length % 4 === 1) return undefined;
  const bytes = new Uint8Array((length * 3) >> 2);
  let held = 0;
  let heldBits = 0;
  let at = 0;
  for (let index = 0; index < length; index++) {
    const code = text.charCodeAt(index);
    const value = code < 128 ? urlValues[code]! : -1;
    if (value < 0) return undefined;
    held = ((held << 6) | value) & 0xffff;
    heldBits += 6;
    if (heldBits >= 8) {
      heldBits -= 8;
      bytes[at++] = (held >> heldBits) & 0xff;
    }
  }
  const spare = held & ((1 << heldBits) - 1);
  return spare === 0 ? bytes : undefined;
}

function valuesOf(alphabet: string): Int8Array {
  const values = new Int8Array(128).fill(-1);
  for (let value = 0; value < alphabet.length; value++) values[alphabet.charCodeAt(value)] = value;
  return values;
}
