import { emulator, gusto } from "@symbolon/emulator";

/** Tests the retirement of a Gusto API version: which HTTP status an integration gets on each of these days. */
export async function rehearseRetirement(apiVersion: string, days: readonly string[]): Promise<Record<string, number>> {
  await using provider = await emulator({ profile: gusto({ versions: "schedule" }) });
  const statuses: Record<string, number> = {};
  for (const day of days) {
    provider.control.advance(Date.parse(day) / 1000 - provider.control.now());
    const { accessToken } = provider.control.consent();
    const headers = { authorization: `Bearer ${accessToken}`, "x-gusto-api-version": apiVersion };
    statuses[day] = (await fetch(`${provider.url}/v1/token_info`, { headers })).status;
  }
  return statuses;
}
