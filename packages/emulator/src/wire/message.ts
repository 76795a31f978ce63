/** A request: header names in lower case, `query` without the question mark, undecoded. */
export type EmulatorRequest = {
  /** The HTTP method. */
  method: string;
  /** Undecoded. */
  path: string;
  /** Undecoded, without the question mark. */
  query: string;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  /** The body as text. */
  body: string;
};

/** An answer of the emulator. */
export type EmulatorResponse = {
  /** The HTTP status. */
  status: number;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  /** The body as text. */
  body: string;
};

export const json = (
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): EmulatorResponse => ({
  status,
  headers: { "content-type": "application/json;charset=utf-8", "cache-control": "no-store", ...headers },
  body: JSON.stringify(body),
});

export const page = (status: number, body: string): EmulatorResponse => ({
  status,
  headers: {
    "content-type": "text/html;charset=utf-8",
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
    "referrer-policy": "same-origin", // with no-referrer, a browser sends `Origin: null` with the page's own forms
    "x-content-type-options": "nosniff",
  },
  body,
});

export const redirect = (location: string, status: 302 | 303 = 302): EmulatorResponse => ({
  status,
  headers: { location, "cache-control": "no-store" },
  body: "",
});

/** 200 with a JSON media type and no body: an empty answer that every known client accepts. */
export const empty = (headers: Readonly<Record<string, string>> = {}): EmulatorResponse => ({
  status: 200,
  headers: { "content-type": "application/json", "cache-control": "no-store", ...headers },
  body: "",
});

export const withHeaders = (answer: EmulatorResponse, headers: Readonly<Record<string, string>>): EmulatorResponse => ({
  ...answer,
  headers: { ...answer.headers, ...headers },
});
