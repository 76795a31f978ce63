import { markAssumptions } from "../../provider/assumption.ts";
import { withHeaders, type EmulatorResponse, type EmulatorRequest } from "../../wire/message.ts";

/** The answer to a CORS preflight request. */
export const preflight = ({ headers }: EmulatorRequest): EmulatorResponse => {
  const wanted = headers["access-control-request-headers"];
  const allowed: Record<string, string> = wanted === undefined ? {} : { "access-control-allow-headers": wanted };
  return markAssumptions(
    { status: 204, headers: { "access-control-allow-methods": "GET, POST", ...allowed }, body: "" },
    "fitbit-cors",
  );
};

/** Adds the CORS header that lets a page of any origin read the answer, if the request has an Origin. */
export const forPages = (answer: EmulatorResponse, { headers }: EmulatorRequest): EmulatorResponse =>
  headers["origin"] === undefined
    ? answer
    : withHeaders(answer, {
        "access-control-allow-origin": "*",
        "access-control-expose-headers": Object.keys(answer.headers).join(", "),
      });
