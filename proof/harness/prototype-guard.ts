import { afterAll } from "vitest";

/** After every test file: checks that no input that was parsed in it changed Object.prototype (HT-14). */
const before = Reflect.ownKeys(Object.prototype);
afterAll(() => {
  const added = Reflect.ownKeys(Object.prototype).filter((key) => !before.includes(key));
  if (added.length > 0) throw new Error(`Object.prototype has got ${added.map(String).join(", ")}.`);
});
