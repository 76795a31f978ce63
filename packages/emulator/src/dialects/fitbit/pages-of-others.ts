import { assuming } from "../../provider/assumption.ts";
import { withHeaders, type Answer, type Ask } from "../../wire/message.ts";

/** What a browser asks before it lets a page of another origin send a request. */
export const preflight = ({ headers }: Ask): Answer => {
  const wanted = headers["access-control-request-headers"];
  const allowed: Record<string, string> = wanted === undefined ? {} : { "access-control-allow-headers": wanted };
  return assuming(
    { status: 204, headers: { "access-control-allow-methods": "GET, POST", ...allowed }, body: "" },
    "fitbit-cors",
  );
};

/** An answer that a page of any origin may read, where a page has asked. */
export const forPages = (answer: Answer, { headers }: Ask): Answer =>
  headers["origin"] === undefined
    ? answer
    : withHeaders(answer, {
        "access-control-allow-origin": "*",
        "access-control-expose-headers": Object.keys(answer.headers).join(", "),
      });
