/** Assertions that run on every platform without a test runner. */
export function assertEqual(found: unknown, wanted: unknown, what: string): void {
  const [one, other] = [JSON.stringify(found), JSON.stringify(wanted)];
  if (one !== other) throw new Error(`${what}: ${one}, not ${other}`);
}

export function assertTrue(found: unknown, what: string): asserts found {
  if (!found) throw new Error(`not true: ${what}`);
}

/** What the promise rejects with. Throws if it resolves. */
export async function rejection(promise: Promise<unknown>, what: string): Promise<unknown> {
  const resolved = Symbol("resolved");
  const outcome = await promise.then(
    () => resolved,
    (error: unknown) => error,
  );
  assertTrue(outcome !== resolved, `${what} rejects`);
  return outcome;
}
