import { createClient, type ClientOptions, type Profile } from "@symbolon/client";

/** Signs a user in on a device without a browser: shows a code and waits until the user has entered it elsewhere. */
export async function signInOnDevice(profile: Profile, options: ClientOptions, show: (text: string) => void) {
  const client = createClient(profile, options);
  const device = await client.startDevice({ scope: ["read"] });
  show(`Open ${device.verificationUri} and enter ${device.userCode}`);
  return await client.awaitDevice({ device });
}
