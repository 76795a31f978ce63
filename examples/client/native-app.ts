import { unwrap, type Application } from "@symbolon/client";
import { openBrowser, signInOnLoopback } from "@symbolon/client/loopback";

/** A program on a person's own machine: their browser signs in, a listener on 127.0.0.1 hears of it. */
export async function signIn(application: Application, show: (url: string) => unknown = openBrowser) {
  return await unwrap(signInOnLoopback(application, { scope: ["payroll:read"], show }));
}
