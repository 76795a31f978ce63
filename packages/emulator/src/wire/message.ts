/** A request: header names in lower case, `query` without the question mark, undecoded. */
export type Ask = {
  method: string;
  path: string;
  query: string;
  headers: Readonly<Record<string, string>>;
  body: string;
};

export type Answer = { status: number; headers: Readonly<Record<string, string>>; body: string };

export const json = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Answer => ({
  status,
  headers: { "content-type": "application/json;charset=utf-8", "cache-control": "no-store", ...headers },
  body: JSON.stringify(body),
});

export const page = (status: number, body: string): Answer => ({
  status,
  headers: {
    "content-type": "text/html;charset=utf-8",
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
  },
  body,
});

export const redirect = (location: string, status: 302 | 303 = 302): Answer => ({
  status,
  headers: { location, "cache-control": "no-store" },
  body: "",
});

/** 200 with a JSON media type and no body: an empty answer that every known client accepts. */
export const empty = (headers: Readonly<Record<string, string>> = {}): Answer => ({
  status: 200,
  headers: { "content-type": "application/json", "cache-control": "no-store", ...headers },
  body: "",
});

export const withHeaders = (answer: Answer, headers: Readonly<Record<string, string>>): Answer => ({
  ...answer,
  headers: { ...answer.headers, ...headers },
});
