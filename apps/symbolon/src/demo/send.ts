import { Failure } from "../command/failure.ts";

const timeoutMs = 10_000;

/** fetch with a timeout. Throws a Failure that names the remedy. */
export async function send(url: URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, signal: AbortSignal.timeout(timeoutMs) });
  } catch (error) {
    const isTimeout = error instanceof Error && error.name === "TimeoutError";
    const problem = isTimeout
      ? `${url.origin} did not answer within ${timeoutMs / 1000} s.`
      : `No server answers at ${url.origin}.`;
    throw new Failure(
      problem,
      "Start one with symbolon serve --dev (in the repository: npm start), or name another with --url.",
      { cause: error },
    );
  }
}
