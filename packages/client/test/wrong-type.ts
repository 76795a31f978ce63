/** A value of a type that the compiler would refuse, as plain JavaScript may pass it. */
export const wrongType = <T>(value: unknown): T => value as T;
