import type { ClientId } from "./types.ts";

/**
 * Whether the text may be a client id: 1 to 255 printable ASCII characters without a space. RFC 6749 Appendix A.1 sets
 * no length; without one, an attacker's ids fill caches and slow every look-up (HT-15).
 */
export const isClientId = (text: string): text is ClientId => /^[\x21-\x7e]{1,255}$/.test(text);
