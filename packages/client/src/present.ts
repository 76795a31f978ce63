/** The members that are there: an absent member is no member, rather than one that holds undefined. */
export const present = <T extends object>(members: T): T =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as T;
