/** The same members without those whose value is undefined, so that `in` and spreading see only what is set. */
export const withoutUndefined = <T extends object>(members: T): T =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as T;
