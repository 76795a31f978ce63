/** What the suite needs to say; every platform runs it as it is. */
export function equal(found: unknown, wanted: unknown, what: string): void {
  const [one, other] = [JSON.stringify(found), JSON.stringify(wanted)];
  if (one !== other) throw new Error(`${what}: ${one}, not ${other}`);
}

export function truth(found: unknown, what: string): asserts found {
  if (!found) throw new Error(`it is not so that ${what}`);
}

/** What a promise rejects with; resolving is the failure. */
export async function rejection(promise: Promise<unknown>, what: string): Promise<unknown> {
  const resolved = Symbol("resolved");
  const outcome = await promise.then(
    () => resolved,
    (error: unknown) => error,
  );
  truth(outcome !== resolved, `${what} is refused`);
  return outcome;
}
