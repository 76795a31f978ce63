import { unwrap, type Application } from "@symbolon/client";
import { openBrowser, signInOnLoopback } from "@symbolon/client/loopback";

/** Signs a user in from a program on their own machine: in their browser, with a redirect to 127.0.0.1. */
export async function signIn(application: Application, show: (url: string) => unknown = showInBrowser) {
  return await unwrap(signInOnLoopback(application, { scope: ["payroll:read"], show }));
}

/** Opens the browser, or prints the URL where none can be started. */
export async function showInBrowser(url: string) {
  if (!(await openBrowser(url))) console.error(`Open this address in a browser of this machine:\n${url}`);
}
