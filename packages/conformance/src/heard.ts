/** An answer, read whole. `json` is empty where the body was none. */
export type Heard = { status: number; headers: Headers; text: string; json: Record<string, unknown> };

export async function hear(response: Response): Promise<Heard> {
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: parseObject(text) };
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const read: unknown = JSON.parse(text);
    return typeof read === "object" && read !== null && !Array.isArray(read) ? (read as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** `400 invalid_grant`: an answer in few words, without anything secret. */
export function inShort({ status, json }: Heard): string {
  const { error } = json;
  return typeof error === "string" ? `${status} ${error.slice(0, 60)}` : String(status);
}

export const isError = (heard: Heard, status: number, ...codes: readonly string[]): boolean =>
  heard.status === status && codes.includes(String(heard.json["error"]));

export const mayBeStored = ({ headers }: Heard): boolean => !/\bno-store\b/i.test(headers.get("cache-control") ?? "");
