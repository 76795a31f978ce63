const maximumTexts = 1000;
const maximumLength = 1000;

/** Freezes a JSON value and everything in it. Bytes cannot be frozen. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  for (const member of Object.values(value)) deepFreeze(member);
  return Object.freeze(value);
}

/** Most rows have equal lists: `read`, with one frozen list for equal texts. Remembers a thousand short texts. */
export function sharing<T>(read: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const shared = known.get(text);
    if (shared !== undefined) return shared;
    const value = deepFreeze(read(text));
    if (text.length > maximumLength) return value;
    if (known.size >= maximumTexts) known.clear();
    known.set(text, value);
    return value;
  };
}
