/** 1 MiB: no OAuth response is that long. */
export const maxResponseBytes = 1024 * 1024;

/** The body as text, or undefined if it exceeds the limit after decompression; the rest is then not read. */
export async function readBody(response: Response): Promise<string | undefined> {
  if (response.body === null) return "";
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    length += value.byteLength;
    if (length > maxResponseBytes) {
      reader.cancel().catch(() => {});
      return undefined;
    }
    text += decoder.decode(value, { stream: true });
  }
}
