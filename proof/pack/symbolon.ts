import { openPlace } from "../interop/place.ts";
import type { Candidate } from "./candidate.ts";

const redirectUri = "https://app.example/cb";

/** Ourselves: a real process, as it comes, with one confidential application. */
export async function symbolon(): Promise<Candidate> {
  const place = await openPlace();
  const client = await place.register({ redirectUris: [redirectUri] });
  const browser = place.newBrowser();
  return {
    name: "symbolon",
    options: {
      issuer: place.server.issuer,
      client,
      redirectUri,
      scope: "employees:read payroll:read",
      authorize: (url) => browser.allow(url, { email: place.email }),
    },
    close: place.close,
  };
}
