import { createClient, type ClientOptions, type Profile } from "@symbolon/client";

/** A device without a browser: show a code, and wait until the person has entered it elsewhere. */
export async function signInOnDevice(profile: Profile, options: ClientOptions, show: (text: string) => void) {
  const client = createClient(profile, options);
  const device = await client.startDevice({ scope: ["read"] });
  show(`Open ${device.verificationUri} and enter ${device.userCode}`);
  return await client.awaitDevice({ device });
}
