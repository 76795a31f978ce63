import { afterAll, expect } from "vitest";

/** In every file of tests: whatever was sent and parsed in it, nothing has reached the prototype of all objects (HT-14). */
const before = Reflect.ownKeys(Object.prototype);
afterAll(() => expect(Reflect.ownKeys(Object.prototype)).toEqual(before));
