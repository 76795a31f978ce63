/** Longer than any honest answer of an OAuth endpoint. */
export const longestAnswerBytes = 1024 * 1024;

/**
 * The body as text, or undefined where it is longer than the limit, counted after decompression; the rest is then never
 * read.
 */
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
    if (length > longestAnswerBytes) {
      reader.cancel().catch(() => {});
      return undefined;
    }
    text += decoder.decode(value, { stream: true });
  }
}
