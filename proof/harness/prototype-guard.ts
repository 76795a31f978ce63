import { afterAll } from "vitest";

/**
 * In every file of tests: whatever was sent and parsed in it, nothing has reached the prototype of all objects (HT-14).
 */
const before = Reflect.ownKeys(Object.prototype);
afterAll(() => {
  const added = Reflect.ownKeys(Object.prototype).filter((key) => !before.includes(key));
  if (added.length > 0) throw new Error(`Object.prototype has got ${added.map(String).join(", ")}.`);
});
