import type { PasswordHasher } from "@symbolon/server";
import type { System } from "../data/open-system.ts";
import { withProcessLock } from "../data/process-lock.ts";
import { registerDemo, type DemoCredentials } from "./demo-registration.ts";

const email = "demo@example.com";

/**
 * On the first start in development: the demo application and account, with the secrets that are shown this once.
 * Later: `undefined`, for they are there. Of two processes that start at once, one makes them.
 */
export async function registerDemoOnce(
  system: System,
  passwords: PasswordHasher,
): Promise<DemoCredentials | undefined> {
  if ((await system.store.accounts.findByEmail(email)) !== undefined) return undefined;
  return await withProcessLock(system.settings.data, async () => {
    const isMade = (await system.store.accounts.findByEmail(email)) !== undefined;
    return isMade ? undefined : await registerDemo(email, "Demo application", system, passwords);
  });
}
