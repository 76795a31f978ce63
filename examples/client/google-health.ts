import { createClient, googleHealth, type ClientOptions, type GoogleHealthScope } from "@symbolon/client";

/** The profile asks for offline access and consent each time, without which Google gives no refresh token. */
export const googleHealthClient = (options: ClientOptions<GoogleHealthScope>) => createClient(googleHealth, options);

export async function connect(options: ClientOptions<GoogleHealthScope>) {
  const scope = ["https://www.googleapis.com/auth/googlehealth.sleep.readonly"] as const;
  return await googleHealthClient(options).beginAuthorization({ redirectUri: "http://127.0.0.1:3000/callback", scope });
}

/** The refresh token stays the same for ever, and answers leave it out. */
export async function refreshed(options: ClientOptions<GoogleHealthScope>, refreshToken: string) {
  const tokens = await googleHealthClient(options).refresh({ refreshToken });
  return { accessToken: tokens.accessToken, refreshToken: tokens.refreshToken?.reveal() ?? refreshToken };
}
