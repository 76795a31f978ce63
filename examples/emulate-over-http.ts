/** Controls the emulator over HTTP, for tests in any language: one POST for each command, with JSON in and out. */
export async function control<T>(emulatorUrl: string, command: string, body: object = {}): Promise<T> {
  const response = await fetch(`${emulatorUrl}/emulator/control/${command}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const result = (await response.json()) as T & { problem?: string };
  if (!response.ok) throw new Error(result.problem);
  return result;
}

/** Makes a grant that has expired and was revoked, to test how an integration reports it. */
export async function expiredAndRevokedGrant(
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
