import { unwrap, type Application } from "@symbolon/client";
import { openBrowser, signInOnLoopback } from "@symbolon/client/loopback";

/** A program on a person's own machine: their browser signs in, a listener on 127.0.0.1 hears of it. */
export async function signIn(application: Application, show: (url: string) => unknown = inBrowser) {
  return await unwrap(signInOnLoopback(application, { scope: ["payroll:read"], show }));
}

/** Where no browser can be opened the address is printed, for the person to take elsewhere on this machine. */
export async function inBrowser(url: string) {
  if (!(await openBrowser(url))) console.error(`Open this address in a browser of this machine:\n${url}`);
}
