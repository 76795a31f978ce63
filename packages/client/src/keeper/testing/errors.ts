import { KeeperError } from "../errors.ts";

/** The KeeperError that `work` ends with; anything else fails the test. */
export async function errorOf(work: Promise<unknown>): Promise<KeeperError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof KeeperError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}
