import { emulator } from "@symbolon/emulator";

/** Whether an access token of Gusto's is refused two hours after it was issued. */
export async function isRefusedAfterTwoHours(): Promise<boolean> {
  await using gusto = await emulator({ profile: "gusto" });
  const { accessToken } = gusto.control.consent();
  gusto.control.advance(2 * 3600);
  const response = await fetch(`${gusto.url}/v1/token_info`, { headers: { authorization: `Bearer ${accessToken}` } });
  return response.status === 401;
}
