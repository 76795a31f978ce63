import type { PasswordHasher } from "@symbolon/server";
import type { System } from "../data/open-system.ts";
import { withProcessLock } from "../data/process-lock.ts";
import { registerDemo, type DemoCredentials } from "./demo-registration.ts";

const email = "demo@example.com";

/**
 * Registers the demo application and account on the first start in development, and returns their secrets, which are
 * shown this once. Returns `undefined` on later starts. Of two processes that start at once, one registers them.
 */
export async function registerDemoOnce(
  system: System,
  passwords: PasswordHasher,
): Promise<DemoCredentials | undefined> {
  if ((await system.store.accounts.findByEmail(email)) !== undefined) return undefined;
  return await withProcessLock(system.settings.data, async () => {
    const exists = (await system.store.accounts.findByEmail(email)) !== undefined;
    return exists ? undefined : await registerDemo(email, "Demo application", system, passwords);
  });
}
