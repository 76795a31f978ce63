/** The control over HTTP, for a test in any language: one POST for each command, JSON in and out. */
export async function control<T>(emulatorUrl: string, command: string, body: object = {}): Promise<T> {
  const response = await fetch(`${emulatorUrl}/emulator/control/${command}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const answer = (await response.json()) as T & { problem?: string };
  if (!response.ok) throw new Error(answer.problem);
  return answer;
}

/** A grant whose access token has expired and whose person has withdrawn it: what does your integration say? */
export async function anExpiredAndRevokedGrant(
  emulatorUrl: string,
): Promise<{ accessToken: string; refreshToken: string }> {
  const tokens = await control<{ grant: string; accessToken: string; refreshToken: string; expiresInSeconds: number }>(
    emulatorUrl,
    "consent",
  );
  await control(emulatorUrl, "advance", { seconds: tokens.expiresInSeconds });
  await control(emulatorUrl, "revoke", { grant: tokens.grant });
  return tokens;
}
