/** A response with its body. `json` is empty if the body is not JSON. */
export type ReceivedResponse = { status: number; headers: Headers; text: string; json: Record<string, unknown> };

/** Reads a response. Rejects with a BodyTooLarge beyond 1 MiB, and as the signal of the request says. */
export async function readResponse(response: Response): Promise<ReceivedResponse> {
  const text = await readText(response);
  return { status: response.status, headers: response.headers, text, json: parseObject(text) };
}

const largestBody = 1024 * 1024;

export class BodyTooLarge extends Error {
  override readonly name = "BodyTooLarge";
}

async function readText({ body }: Response): Promise<string> {
  const decoder = new TextDecoder();
  let [text, length] = ["", 0];
  for await (const part of (body ?? []) as AsyncIterable<Uint8Array>) {
    length += part.length;
    if (length > largestBody) throw new BodyTooLarge("the body is larger than 1 MiB");
    text += decoder.decode(part, { stream: true });
  }
  return text + decoder.decode();
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const read: unknown = JSON.parse(text);
    return typeof read === "object" && read !== null && !Array.isArray(read) ? (read as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** A response in short, without secrets: `400 invalid_grant`. */
export function inShort({ status, json }: ReceivedResponse): string {
  const { error } = json;
  return typeof error === "string" ? `${status} ${error.slice(0, 60)}` : String(status);
}

export const isError = (received: ReceivedResponse, status: number, ...codes: readonly string[]): boolean =>
  received.status === status && codes.includes(String(received.json["error"]));

export const mayBeStored = ({ headers }: ReceivedResponse): boolean =>
  !/\bno-store\b/i.test(headers.get("cache-control") ?? "");
