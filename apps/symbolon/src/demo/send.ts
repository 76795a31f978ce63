import { Failure } from "../command/failure.ts";

const patienceMs = 10_000;

/** fetch, with an end to its patience and an error that says what to do. */
export async function send(url: URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, signal: AbortSignal.timeout(patienceMs) });
  } catch (error) {
    const isSlow = error instanceof Error && error.name === "TimeoutError";
    const problem = isSlow
      ? `${url.origin} did not answer within ${patienceMs / 1000} s.`
      : `No server answers at ${url.origin}.`;
    throw new Failure(problem, "Start it with npm start, or name another with --url.", { cause: error });
  }
}
